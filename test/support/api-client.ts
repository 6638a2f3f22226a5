import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';
import { recordSecret } from './run-record.ts';

const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) })),
  ),
});

export interface Answer {
  status: number;
  headers: Headers;
  // What a test expects of it is said by the test.
  body: unknown;
}

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls the API, and holds every answer against the server's own document with a validator of others. */
export class ApiClient {
  readonly #url: string;
  readonly #document: z.infer<typeof documentSchema>;
  readonly #ajv: Ajv2020;
  readonly #seen: Set<string>;

  private constructor(url: string, document: z.infer<typeof documentSchema>, seen: Set<string>) {
    this.#seen = seen;
    this.#url = url;
    this.#document = document;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: 'api' });
  }

  /** @param seen is given what was seen and found as described: `get /channels 200` */
  static async create(url: string, seen: Set<string>): Promise<ApiClient> {
    const response = await fetch(`${url}/api/openapi.json`);
    return new ApiClient(url, documentSchema.parse(await response.json()), seen);
  }

  get document(): Record<string, unknown> {
    return this.#document;
  }

  async call(path: string, { method = 'GET', body, headers = {} }: Call = {}): Promise<Answer> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    recordSecrets({ body, headers }, answer);
    this.#check(path, method.toLowerCase(), answer);
    return answer;
  }

  #check(path: string, method: string, { status, body }: Answer): void {
    const [bare = ''] = path.split('?');
    const template = Object.keys(this.#document.paths).find((candidate) =>
      new RegExp(`^${candidate.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare),
    );
    const operation = template === undefined ? undefined : this.#document.paths[template]?.[method];
    if (template === undefined || operation === undefined) return;
    const place = ['paths', template, method, 'responses', String(status)];
    if (operation.responses[String(status)] === undefined) {
      throw new Error(
        `${method} ${template} answered ${status}, of which the document says nothing`,
      );
    }
    const validate = this.#validator(place);
    if (validate === undefined ? body !== undefined : !validate(body)) {
      throw new Error(
        `${place.join(' ')}: ${JSON.stringify(validate?.errors)} ${JSON.stringify(body)}`,
      );
    }
    this.#seen.add(`${method} ${template} ${status}`);
  }

  #validator(place: string[]): ValidateFunction | undefined {
    const pointer = [...place, 'content', 'application/json', 'schema']
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    return this.#ajv.getSchema(`api#/${pointer}`);
  }
}

/** What no log may have of a request and its answer. */
function recordSecrets({ body, headers }: Call, answer: Answer): void {
  for (const name of ['password', 'token', 'setupToken', 'streamKey']) {
    for (const one of [body, answer.body]) {
      const value: unknown = Reflect.get(Object(one), name);
      if (typeof value === 'string') recordSecret(name, value);
    }
  }
  for (const cookie of [headers?.['cookie'], ...answer.headers.getSetCookie()]) {
    recordSecret('a session', /^[^=]+=([^;]+)/.exec(cookie ?? '')?.[1]);
  }
}
