import * as z from 'zod';
import { channelSchema, visibilitySchema } from '../../../signaling/contract/index.ts';
import { call } from '../api.ts';

const adminChannelSchema = channelSchema.extend({
  settings: z
    .object({
      graceSeconds: z.number(),
      createdAt: z.string(),
      visibility: visibilitySchema.optional(),
    })
    .optional(),
});
export type AdminChannel = z.infer<typeof adminChannelSchema>;

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  /** Whose it is; null where it belongs to nobody. */
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
});
export type ApiToken = z.infer<typeof tokenSchema>;

const keySchema = z.object({ streamKey: z.string() });

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

/** @param wanted without `expiresInSeconds` it is good until it is revoked. @returns the token, told this once */
export async function createToken(wanted: {
  name: string;
  scopes: readonly string[];
  expiresInSeconds?: number;
}): Promise<string> {
  const created = z.object({ token: z.string() });
  return created.parse(await call('POST', '/tokens', wanted)).token;
}

export async function revokeToken(id: string): Promise<void> {
  await call('DELETE', `/tokens/${id}`);
}
