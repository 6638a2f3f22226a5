import { z } from 'zod';
import { SfumatoError } from '../../signaling/contract/index.ts';

/** RFC 8725 section 3.1: asymmetric ones only, so that who may look at a signature cannot make one. */
const TOKEN_ALGORITHMS = [
  ...['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512'],
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
] as const;
const plainUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '', {
    message: 'an address without a name or password in it',
  });
const playbackIssuer = z.strictObject({
  issuer: z.string().min(1),
  jwksUrl: plainUrl,
  audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  algorithms: z.array(z.enum(TOKEN_ALGORITHMS)).min(1).default(['EdDSA', 'ES256', 'RS256']),
});

/** Who else may say who watches: by tokens, or when asked. */
export const PLAYBACK_SETTINGS = {
  PLAYBACK_ISSUERS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue(
          'a JSON array such as [{"issuer":"https://a","jwksUrl":"https://a/jwks"}]',
        );
        return z.NEVER;
      }
    })
    .pipe(z.array(playbackIssuer).max(20))
    .default([])
    .describe('Others whose playback tokens are believed, as a JSON array; docs/access.md.'),
  ACCESS_WEBHOOK_URL: plainUrl
    .optional()
    .describe('A service of yours that is asked whether somebody may watch or publish.'),
  ACCESS_WEBHOOK_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('What the questions to it are signed with, 32 characters or more.'),
  ACCESS_WEBHOOK_ON_ERROR: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('What it means when it does not answer: `refuse` or `allow`.'),
};

type PlaybackConfig = z.output<z.ZodObject<typeof PLAYBACK_SETTINGS>>;

/** As the part that decides takes them. */
export function playbackSettings(config: PlaybackConfig & { PUBLIC_URL?: string | undefined }) {
  const { PUBLIC_URL: publicUrl, PLAYBACK_ISSUERS: issuers } = config;
  return { publicUrl, issuers, webhook: webhookSettings(config) };
}

/**
 * The operator's own service for rights.
 *
 * @throws SfumatoError `badRequest` for an address without a secret, and the other way round
 */
export function webhookSettings(config: PlaybackConfig) {
  const { ACCESS_WEBHOOK_URL: url, ACCESS_WEBHOOK_SECRET: secret } = config;
  if ((url === undefined) !== (secret === undefined)) {
    const message = 'ACCESS_WEBHOOK_URL and ACCESS_WEBHOOK_SECRET need each other.';
    throw new SfumatoError('badRequest', message);
  }
  return { url, secret, onError: config.ACCESS_WEBHOOK_ON_ERROR };
}

/**
 * Our own tokens, and those of each other, are told apart by who issued them.
 *
 * @throws SfumatoError `badRequest`
 */
export function demandOtherIssuers({
  PLAYBACK_ISSUERS: issuers,
  PUBLIC_URL: own,
}: PlaybackConfig & { PUBLIC_URL?: string | undefined }): void {
  const names = issuers.map(({ issuer }) => issuer);
  const wrong = names.find((name, at) => name === (own ?? 'sfumato') || names.indexOf(name) < at);
  if (wrong === undefined) return;
  const message = `A setting is wrong. PLAYBACK_ISSUERS: ${wrong} is this server, or named twice.`;
  throw new SfumatoError('badRequest', message);
}
