import * as z from 'zod';
import {
  assetSchema,
  type Collection,
  collectionSchema,
  wireErrorSchema,
} from '../../signaling/contract/index.ts';
import { rememberWho } from './known-person.ts';
import { type Session, sessionOf } from './session.ts';

const ANSWER_MS = 15_000;

/** A request that the server refused, with its reason in words. */
export class Refused extends Error {
  readonly code: string;

  constructor({ code, message, hint }: z.infer<typeof wireErrorSchema>) {
    super([message, hint].filter(Boolean).join(' '));
    this.name = 'Refused';
    this.code = code;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Asks the server for something.
 *
 * @param path below `/api/v1`
 * @param keepalive it shall arrive although the page is left meanwhile
 * @throws Refused, or what `fetch` throws where the server cannot be reached
 */
export async function call(
  method: Method,
  path: string,
  body?: object,
  { keepalive = false } = {},
): Promise<unknown> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    keepalive,
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return answer;
  throw new Refused(z.object({ error: wireErrorSchema }).parse(answer).error);
}

export async function whoLooks(): Promise<Session> {
  const session = sessionOf(await call('GET', '/session'));
  rememberWho(session);
  return session;
}

export async function logIn(name: string, password: string): Promise<void> {
  await call('POST', '/session', { name, password });
}

export async function logOut(): Promise<void> {
  await call('DELETE', '/session');
}

const pageSchema = z.object({ assets: z.array(assetSchema), cursor: z.string().nullable() });
export type AssetPage = z.output<typeof pageSchema>;

/** @param query as `GET /assets` takes it */
export async function listAssets(query: URLSearchParams): Promise<AssetPage> {
  return pageSchema.parse(await call('GET', `/assets?${query.toString()}`));
}

export async function listCollections(): Promise<Collection[]> {
  const list = z.object({ collections: z.array(collectionSchema) });
  return list.parse(await call('GET', '/collections')).collections;
}
