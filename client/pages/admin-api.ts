import { z } from 'zod';
import { channelSchema, wireErrorSchema } from '../../signaling/contract/index.ts';

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

const adminChannelSchema = channelSchema.extend({
  settings: z.object({ graceSeconds: z.number(), createdAt: z.string() }).optional(),
});
export type AdminChannel = z.infer<typeof adminChannelSchema>;

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
});
export type ApiToken = z.infer<typeof tokenSchema>;

const sessionSchema = z.object({ principal: z.object({ name: z.string() }).nullable() });
const keySchema = z.object({ streamKey: z.string() });

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** @throws Refused, or what `fetch` throws where the server cannot be reached */
export async function call(method: Method, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return answer;
  throw new Refused(z.object({ error: wireErrorSchema }).parse(answer).error);
}

/** The name of whoever is logged in. */
export async function whoAmI(): Promise<string | null> {
  return sessionSchema.parse(await call('GET', '/session')).principal?.name ?? null;
}

export async function logIn(name: string, password: string): Promise<void> {
  await call('POST', '/session', { name, password });
}

export async function logOut(): Promise<void> {
  await call('DELETE', '/session');
}

export async function setUp(token: string, name: string, password: string): Promise<void> {
  await call('POST', '/setup', { token, name, password });
}

/** In the order in which they were made. */
export async function listChannels(): Promise<AdminChannel[]> {
  const list = z.object({ channels: z.array(adminChannelSchema) });
  return list.parse(await call('GET', '/channels')).channels;
}

/** @returns the stream key, which is shown this once */
export async function createChannel(id: string, title: string): Promise<string> {
  return keySchema.parse(await call('POST', '/channels', { id, title })).streamKey;
}

export async function updateChannel(
  id: string,
  changes: { title: string; graceSeconds: number },
): Promise<void> {
  await call('PATCH', `/channels/${id}`, changes);
}

export async function deleteChannel(id: string): Promise<void> {
  await call('DELETE', `/channels/${id}`);
}

export async function rotateKey(id: string): Promise<string> {
  return keySchema.parse(await call('POST', `/channels/${id}/stream-key`)).streamKey;
}

export async function listTokens(): Promise<ApiToken[]> {
  return z.object({ tokens: z.array(tokenSchema) }).parse(await call('GET', '/tokens')).tokens;
}

export async function createToken(name: string, scopes: string[]): Promise<string> {
  const created = z.object({ token: z.string() });
  return created.parse(await call('POST', '/tokens', { name, scopes })).token;
}

export async function revokeToken(id: string): Promise<void> {
  await call('DELETE', `/tokens/${id}`);
}
