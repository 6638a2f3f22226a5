import * as z from 'zod';
import { type PlaybackGrant, playbackGrantSchema } from '../../../signaling/contract/index.ts';
import { call } from '../api.ts';

const issuedSchema = z.object({
  id: z.string(),
  thingId: z.string(),
  subject: z.string().nullish(),
  sites: z.array(z.string()).nullish(),
  expiresAt: z.string(),
});
export type IssuedToken = z.output<typeof issuedSchema>;

/** Those for one Channel or Asset that have not expired. */
export async function listPlaybackTokens(thingId: string): Promise<IssuedToken[]> {
  const list = z.object({ tokens: z.array(issuedSchema) });
  const { tokens } = list.parse(
    await call('GET', `/playback-tokens?id=${encodeURIComponent(thingId)}`),
  );
  return tokens.filter((token) => token.thingId === thingId);
}

export async function issuePlaybackToken(wanted: {
  id: string;
  subject?: string;
  sites?: readonly string[];
  expiresInSeconds: number;
}): Promise<PlaybackGrant> {
  return playbackGrantSchema.parse(await call('POST', '/playback-tokens', wanted));
}

export async function revokePlaybackToken(id: string): Promise<void> {
  await call('DELETE', `/playback-tokens/${encodeURIComponent(id)}`);
}
