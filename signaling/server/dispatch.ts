import type { z } from 'zod';
import {
  isMethod,
  type Method,
  REQUESTS,
  type RequestData,
  type RequestResult,
  requestEnvelopeSchema,
  type ResponseEnvelope,
  SfumatoError,
  toWireError,
} from '../contract/index.ts';

/** One handler a method, no fewer: a method of the contract without a handler does not compile. */
export type Handlers<Context> = {
  [M in Method]: (data: RequestData<M>, context: Context) => Promise<RequestResult<M>>;
};

/** Tells whoever watches over the server of errors that no handler foresaw. */
export type ErrorListener = (method: string, error: unknown) => void;

/**
 * Answers one message from outside: parses it, calls the handler, translates what it throws. Never
 * rejects.
 */
export async function dispatch<Context>(
  handlers: Handlers<Context>,
  context: Context,
  text: string,
  onUnexpected: ErrorListener,
): Promise<ResponseEnvelope> {
  let id: number | null = null;
  let method = '';
  try {
    const request = parse(requestEnvelopeSchema, parseJson(text));
    ({ id, method } = request);
    return { id, ok: true, data: await call(handlers, context, method, request.data) };
  } catch (error) {
    if (!(error instanceof SfumatoError)) onUnexpected(method, error);
    return { id, ok: false, error: toWireError(error) };
  }
}

/** The id of a message that is refused unread, so that whoever asked learns of it. */
export function requestIdOf(text: string): number | null {
  try {
    return parse(requestEnvelopeSchema, parseJson(text)).id;
  } catch {
    return null;
  }
}

async function call<Context>(
  handlers: Handlers<Context>,
  context: Context,
  method: string,
  data: unknown,
): Promise<unknown> {
  if (!isMethod(method)) {
    throw new SfumatoError('unknownMethod', 'This server knows no such method.', {
      hint: 'The page may be older or newer than the server: load it again.',
    });
  }
  return await callTyped(handlers, context, method, data);
}

async function callTyped<Context, M extends Method>(
  handlers: Handlers<Context>,
  context: Context,
  method: M,
  data: unknown,
): Promise<RequestResult<M>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the compiler cannot see that the schema and the handler of one method belong together
  const schema: z.ZodType<RequestData<M>> = REQUESTS[method].data as never;
  return await handlers[method](parse(schema, data ?? {}), context);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SfumatoError('badRequest', 'The message is not JSON.', { cause });
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  const what = issue?.message ?? 'invalid';
  throw new SfumatoError(
    'badRequest',
    `The message does not fit: ${where ? `${where}: ` : ''}${what}`,
  );
}
