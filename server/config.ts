import { availableParallelism } from 'node:os';
import { resolve, sep } from 'node:path';
import { z } from 'zod';
import { SfumatoError, visibilitySchema } from '../signaling/contract/index.ts';
import { oidcSettings, PEOPLE_SETTINGS } from './settings/people-settings.ts';
import {
  demandOtherIssuers,
  PLAYBACK_SETTINGS,
  webhookSettings,
} from './settings/playback-settings.ts';
import type { S3Settings } from './store/media-files/s3-media-files.ts';
import { LOG_LEVELS } from './telemetry/log.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const origin = z.string().refine((text) => URL.parse(text)?.origin === text, {
  message: 'an origin such as https://example.org, without a path',
});
/** RFC 7065 section 3.1. */
const turnUrl = z
  .string()
  .regex(/^turns?:(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i, {
    message: 'an address such as turn:relay.example.org:3478?transport=udp',
  });
const size = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const count = z.coerce.number().int().min(1).max(1_000_000_000);
const path = z
  .string()
  .min(1)
  .transform((text) => resolve(text));

const IMPORT_MODES = ['copy', 'in-place'] as const;

/**
 * Every setting. `describe()` is what docs/settings.md says of it; a test keeps the two the same. An
 * empty value counts as not set, since that is what a compose file makes of a missing one.
 */
export const settingsSchema = z.object({
  PORT: port.default(8080).describe('HTTP and WebSocket port. 0: any free one.'),
  TLS_PORT: port.default(8443).describe('HTTPS and secure WebSocket port. 0: any free one.'),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on, also for media.'),
  PUBLIC_URL: origin
    .optional()
    .describe('How people reach the server, e.g. https://video.example.org.'),
  ALLOWED_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(origin))
    .default([])
    .describe('Further origins whose pages may play without a frame, separated by commas.'),
  EMBED_SITES: z
    .string()
    .transform((text) => (text === 'none' ? [] : text.split(',').map((part) => part.trim())))
    .pipe(z.array(z.union([z.literal('*'), origin])))
    .default(['*'])
    .describe('Origins whose pages may show the player in a frame, with commas; `*`: all; `none`.'),
  ANNOUNCED_ADDRESS: z
    .string()
    .optional()
    .describe('Address that Viewers are told for media, behind a NAT or in a container.'),
  RTC_PORT: port
    .default(40_000)
    .describe('UDP and TCP port for media; one for each worker, upward. 0: any free ones.'),
  WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(availableParallelism())
    .describe('SFU workers; by default one for each core.'),
  ICE_SERVERS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('a JSON array such as [{"urls":"stun:stun.example.org"}]');
        return z.NEVER;
      }
    })
    .pipe(
      z.array(
        z.object({
          urls: z.string().regex(/^(stun|turn)s?:[^\s<>"]+$/, 'a stun: or turn: address'),
          username: z
            .string()
            .regex(/^[^"]*$/)
            .optional(),
          credential: z
            .string()
            .regex(/^[^"]*$/)
            .optional(),
        }),
      ),
    )
    .default([])
    .describe('STUN and TURN servers that clients are told as they are, as a JSON array.'),
  TURN_URLS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(turnUrl).max(16))
    .default([])
    .describe('TURN servers of your own, e.g. turn:relay.example.org, separated by commas.'),
  TURN_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('The secret that they share with this server (`static-auth-secret` of coturn).'),
  DATA_DIR: path.default(resolve('data')).describe('Where everything that must last is kept.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A PostgreSQL to use instead of the file DATA_DIR/sfumato.db.'),
  ADMIN_TOKEN: z
    .string()
    .min(32)
    .regex(/^[\w.~+/=-]+$/, 'letters, digits and - . _ ~ + / = only')
    .optional()
    .describe('Bearer token of 32 characters or more that may do everything, for automation.'),
  ...PLAYBACK_SETTINGS,
  ...PEOPLE_SETTINGS,
  ...PEOPLE_SETTINGS,
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket')
    .optional()
    .describe('A bucket of S3 to keep media files in, instead of the folder DATA_DIR/media.'),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where it is, when it is not at Amazon, e.g. https://s3.example.org.'),
  S3_REGION: z.string().min(1).default('us-east-1').describe('Its region.'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('The key that opens it.'),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('The secret of that key.'),
  S3_PREFIX: z
    .string()
    .regex(/^([\w.-]+\/)*$/, 'folders such as sfumato/, with a slash at the end')
    .default('')
    .describe('What all names in it begin with, e.g. sfumato/.'),
  UPLOAD_MAX_BYTES: size
    .default(64 * 1024 ** 3)
    .describe('The largest file that can be uploaded, bytes; 64 GiB by default.'),
  UPLOAD_MAX_UNFINISHED: count
    .default(200)
    .describe('Uploads that one person may have begun and not finished.'),
  LIBRARY_QUOTA_BYTES: size
    .optional()
    .describe('The most that all originals together may take, bytes; no limit by default.'),
  LIBRARY_MAX_ASSETS: count
    .optional()
    .describe('The most Assets that there may be; no limit by default.'),
  LIBRARY_IMPORT_DIR: path
    .optional()
    .describe('A watched folder: media files that appear in it are put into the library.'),
  LIBRARY_IMPORT_MODE: z
    .enum(IMPORT_MODES)
    .default('copy')
    .describe(
      'What becomes of them: `copy`, or `in-place`, where they stay there and are only read.',
    ),
  LIBRARY_IMPORT_VISIBILITY: visibilitySchema
    .exclude(['password'])
    .default('private')
    .describe('Who sees them: `private`, `unlisted`, `public`, `signedIn` or `token`.'),
  SESSION_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(600)
    .describe('How long the playback of a stored video is kept open while it is paused, seconds.'),
  TLS_CERT: path.default(resolve('certs/dev-cert.pem')).describe('Certificate chain, PEM.'),
  TLS_KEY: path.default(resolve('certs/dev-key.pem')).describe('Private key of it, PEM.'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('How much is logged.'),
  FFMPEG_PATH: z.string().default('ffmpeg').describe('The ffmpeg to use.'),
  FFPROBE_PATH: z.string().default('ffprobe').describe('The ffprobe to use.'),
  MEDIASOUP_WORKER_BIN: z.string().optional().describe('The mediasoup worker to use.'),
  CLIENT_DIR: path.default(resolve('dist/client')).describe('The built client.'),
  DEMO: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Put the demo Channel on air when no file is named.'),
});

/** Settings whose value is said to nobody, not even in an error. */
const SECRETS = new Set([
  'DATABASE_URL',
  'ADMIN_TOKEN',
  'OIDC_CLIENT_SECRET',
  'ICE_SERVERS',
  'TURN_SECRET',
  'S3_SECRET_ACCESS_KEY',
  'ACCESS_WEBHOOK_URL',
  'ACCESS_WEBHOOK_SECRET',
]);

export type Config = z.output<typeof settingsSchema>;

/**
 * The bucket for media files; undefined where none is named.
 *
 * @throws SfumatoError `badRequest` for a bucket without its key
 */
export function s3Settings(config: Config): S3Settings | undefined {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret } = config;
  if (bucket === undefined) return undefined;
  if (id === undefined || secret === undefined) {
    const message = 'S3_BUCKET needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY beside it.';
    throw new SfumatoError('badRequest', message);
  }
  const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_PREFIX: prefix } = config;
  return { endpoint, region, bucket, accessKeyId: id, secretAccessKey: secret, prefix };
}

/**
 * Our TURN servers; undefined where there are none.
 *
 * @throws SfumatoError `badRequest` for their addresses without their secret, and the other way round
 */
export function turnSettings({ TURN_URLS: urls, TURN_SECRET: secret }: Config) {
  if (urls.length > 0 && secret !== undefined) return { urls, secret };
  if (urls.length === 0 && secret === undefined) return undefined;
  throw new SfumatoError('badRequest', 'TURN_URLS and TURN_SECRET need each other.', {
    hint: 'docs/deploy.md says how a relay is set up.',
  });
}

/** How files may come into the library. */
export function intakeSettings(config: Config) {
  const { LIBRARY_IMPORT_DIR: folder, LIBRARY_IMPORT_MODE: mode } = config;
  return {
    limits: {
      maxBytes: config.UPLOAD_MAX_BYTES,
      maxUnfinished: config.UPLOAD_MAX_UNFINISHED,
      quotaBytes: config.LIBRARY_QUOTA_BYTES,
      maxAssets: config.LIBRARY_MAX_ASSETS,
    },
    watched:
      folder === undefined
        ? undefined
        : { folder, inPlace: mode === 'in-place', visibility: config.LIBRARY_IMPORT_VISIBILITY },
  };
}

/** What the server itself keeps would be taken into the library, or what lies there into its own. */
function demandApart({ DATA_DIR: data, LIBRARY_IMPORT_DIR: watched }: Config): void {
  if (watched === undefined || !(isWithin(data, watched) || isWithin(watched, data))) return;
  throw new SfumatoError(
    'badRequest',
    `A setting is wrong. LIBRARY_IMPORT_DIR=${watched}: it may not lie in DATA_DIR=${data}, nor that in it.`,
    { hint: 'Two folders beside each other will do.' },
  );
}

function isWithin(folder: string, other: string): boolean {
  return other === folder || other.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** @throws SfumatoError `badRequest` that names every setting that is wrong */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.entries(environment).filter(
    ([name, value]) =>
      Object.hasOwn(settingsSchema.shape, name) && value !== undefined && value !== '',
  );
  const result = settingsSchema.safeParse(Object.fromEntries(given));
  if (result.success) {
    demandApart(result.data);
    oidcSettings(result.data);
    turnSettings(result.data);
    webhookSettings(result.data);
    demandOtherIssuers(result.data);
    return result.data;
  }
  const lines = result.error.issues.map(({ path: [name], message }) => {
    const value = SECRETS.has(String(name)) ? '(secret)' : environment[String(name)];
    return `${String(name)}=${value}: ${message}`;
  });
  throw new SfumatoError('badRequest', `A setting is wrong. ${lines.join('; ')}`, {
    hint: 'docs/settings.md lists every setting with its default.',
  });
}
