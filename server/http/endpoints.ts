import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Audit, NewAuditEntry } from '../access/audit/audit.ts';
import { demand, demandLogin, type Principal } from '../access/principal.ts';
import type { Visitor } from '../access/visitor.ts';
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
  /** The same, with everything else that was shown. */
  visitor: Visitor;
  request: Request;
  response: Response;
  /** Further facts for what is written down of it. */
  note: (facts: Pick<NewAuditEntry, 'actor' | 'target' | 'details'>) => void;
}

type Handler<O extends Operation> = (
  input: Input<O>,
) => Promise<z.input<O['result']>> | z.input<O['result']>;

interface Done {
  principal: Principal | undefined;
  request: Request;
  answer: unknown;
  facts: Partial<NewAuditEntry>;
}

const namedSchema = z.object({ id: z.string().optional() });

/** Handlers by the operations that they do, on one router. */
export class Endpoints {
  readonly router: Router = express.Router();
  readonly #credentials: RequestCredentials;
  readonly #audit: Pick<Audit, 'write'>;
  readonly #methods = new Map<string, string[]>();

  constructor(credentials: RequestCredentials, audit: Pick<Audit, 'write'>) {
    this.#credentials = credentials;
    this.#audit = audit;
  }

  /** Rights are looked at before anything of the request is read, and the answer is parsed as well. */
  on<O extends Operation>(operation: O, handle: Handler<O>): this {
    const { method, path, result, status } = operation;
    this.router[method](path, async (request, response) => {
      const visitor = await this.#admit(operation, request);
      const { principal } = visitor;
      let facts: Partial<NewAuditEntry> = {};
      const answer = await handle({
        params: parseParams<O['params']>(operation.params, request),
        query: parseQuery<O['query']>(operation.query, request),
        body: parseBody<O['body']>(operation.body, await readBody(operation, request, response)),
        principal,
        visitor,
        request,
        response,
        note: (more) => {
          facts = { ...facts, ...more };
        },
      });
      await this.#write(operation, { principal, request, answer, facts });
      if (operation.answerTypes !== undefined) return;
      response.status(status);
      if (isNone(result)) response.end();
      else response.json(result.parse(answer));
    });
    this.#methods.set(path, [...(this.#methods.get(path) ?? []), method.toUpperCase()]);
    return this;
  }

  /** Who asks, if they may. With a stream key it is nobody in particular. */
  async #admit(operation: Operation, request: Request): Promise<Visitor> {
    const { scope, streamKey = false, anySite = false, params } = operation;
    const stranger = this.#credentials.stranger(request);
    if (streamKey) {
      const { id } = channelParamsSchema.parse(parseParams(params, request));
      if (await this.#credentials.hasStreamKey(request, id)) return stranger;
    }
    if (anySite && stranger.site !== undefined) return stranger;
    const visitor = await this.#credentials.visit(request);
    if (scope !== undefined) demand(visitor.principal, scope);
    if (operation.signedIn === true) demandLogin(visitor.principal);
    return visitor;
  }

  /** Of what was done to which thing by whom. */
  async #write(
    { audit: action }: Operation,
    { principal, request, answer, facts }: Done,
  ): Promise<void> {
    if (action === undefined) return;
    const { id: target } = namedSchema.catch({}).parse(request.params);
    const { id: made } = namedSchema.catch({}).parse(answer);
    const [actor, address] = [principal?.name, request.ip];
    await this.#audit.write({ actor, address, target: target ?? made, ...facts, action });
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
