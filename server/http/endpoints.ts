import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { demand, type Principal } from '../access/principal.ts';
import type { RequestCredentials } from './credentials.ts';
import { isNone, type Operation } from './operation.ts';
import { channelParamsSchema } from './schemas/channels.ts';

/** Bytes; the longest honest request is a few hundred, where the operation does not say more. */
const MAX_BODY_BYTES = 16 * 1024;

export interface Input<O extends Operation> {
  params: z.output<O['params']>;
  query: z.output<O['query']>;
  body: z.output<O['body']>;
  principal: Principal | undefined;
  request: Request;
  response: Response;
}

type Handler<O extends Operation> = (
  input: Input<O>,
) => Promise<z.input<O['result']>> | z.input<O['result']>;

/** Handlers by the operations that they do, on one router. */
export class Endpoints {
  readonly router: Router = express.Router();
  readonly #credentials: RequestCredentials;
  readonly #methods = new Map<string, string[]>();

  constructor(credentials: RequestCredentials) {
    this.#credentials = credentials;
  }

  /** Rights are looked at before anything of the request is read, and the answer is parsed as well. */
  on<O extends Operation>(operation: O, handle: Handler<O>): this {
    const { method, path, result, status } = operation;
    this.router[method](path, async (request, response) => {
      const principal = await this.#admit(operation, request);
      const answer = await handle({
        params: parseParams<O['params']>(operation.params, request),
        query: parseQuery<O['query']>(operation.query, request),
        body: parseBody<O['body']>(operation.body, await readBody(operation, request, response)),
        principal,
        request,
        response,
      });
      if (operation.answerTypes !== undefined) return;
      response.status(status);
      if (isNone(result)) response.end();
      else response.json(result.parse(answer));
    });
    this.#methods.set(path, [...(this.#methods.get(path) ?? []), method.toUpperCase()]);
    return this;
  }

  /** Who asks, if they may. With a stream key it is nobody in particular. */
  async #admit(operation: Operation, request: Request): Promise<Principal | undefined> {
    const { scope, streamKey = false, params } = operation;
    if (streamKey) {
      const { id } = channelParamsSchema.parse(parseParams(params, request));
      if (await this.#credentials.hasStreamKey(request, id)) return undefined;
    }
    const principal = await this.#credentials.identify(request);
    if (scope !== undefined) demand(principal, scope);
    return principal;
  }

  /** To be called last: other methods on these paths are refused (RFC 9110 section 15.5.6). */
  refuseOthers(): Router {
    for (const [path, methods] of this.#methods) this.router.all(path, refuseMethod(methods));
    return this.router;
  }
}

function refuseMethod(methods: readonly string[]): RequestHandler {
  return (_request, response) => {
    response.set('Allow', methods.join(', '));
    throw new SfumatoError('unknownMethod', 'This cannot be done here.', {
      hint: `It can be asked with ${methods.join(', ')}.`,
    });
  };
}

function parseParams<P extends z.ZodType>(schema: P, request: Request): z.output<P> {
  const result = schema.safeParse(isNone(schema) ? undefined : request.params);
  if (result.success) return result.data;
  throw new SfumatoError('notFound', 'There is nothing at this address.');
}

function parseQuery<Q extends z.ZodType>(schema: Q, request: Request): z.output<Q> {
  const result = schema.safeParse(isNone(schema) ? undefined : request.query);
  if (result.success) return result.data;
  throw badRequest(result.error);
}

function parseBody<B extends z.ZodType>(schema: B, body: unknown): z.output<B> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw badRequest(result.error);
}

function badRequest({ issues }: z.ZodError): SfumatoError {
  const faults = issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  return new SfumatoError('badRequest', `The request is not as it must be. ${faults.join('; ')}`, {
    hint: '/api/openapi.json describes every request.',
  });
}

async function readBody(
  { body, bodyBytes: limit = MAX_BODY_BYTES }: Operation,
  request: Request,
  response: Response,
): Promise<unknown> {
  if (isNone(body)) return undefined;
  if (!request.is('application/json')) {
    throw new SfumatoError('unsupportedMedia', 'The body must be JSON.', {
      hint: 'Send `Content-Type: application/json`.',
    });
  }
  await new Promise<void>((resolve, reject) => {
    express.json({ limit })(request, response, (error: unknown) =>
      error === undefined ? resolve() : reject(error),
    );
  });
  return request.body;
}
