import { z } from 'zod';
import { type ErrorCode, SfumatoError } from '../../../signaling/contract/index.ts';
import { isDatabaseTrouble } from '../../store/database-errors.ts';
import { hasCode } from '../../store/media-files/errors.ts';

/** Not `timeout`: a file on which ffmpeg stands still does so each time. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['unavailable', 'noRoom', 'overloaded']);

/** What the system says of disks and networks (errno(3)). Not EPIPE: that is a program that ended. */
const SYSTEM_TROUBLE: readonly (readonly [string, readonly string[]])[] = [
  ['The disk is full.', ['ENOSPC', 'EDQUOT']],
  ['The disk cannot be used at the moment.', ['EIO', 'EROFS', 'ESTALE', 'ENODEV', 'ENXIO']],
  ['The server has too many files open.', ['EMFILE', 'ENFILE']],
  [
    'A server that is needed does not answer.',
    [
      ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'],
      ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'],
    ],
  ],
];

/** Of S3's client: `$metadata` is what all its errors have. */
const storageErrorSchema = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

/**
 * Why something could not be done that has nothing to do with the thing itself, and will pass: no room, a disk or a
 * server that does not answer.
 *
 * @returns a sentence for people; undefined for everything else
 */
export function passingTrouble(error: unknown): string | undefined {
  if (error instanceof SfumatoError) return PASSING.has(error.code) ? error.message : undefined;
  if (hasCode(error, 'EPIPE')) return undefined;
  const system = SYSTEM_TROUBLE.find(([, codes]) => hasCode(error, ...codes));
  if (system !== undefined) return system[0];
  if (isDatabaseTrouble(error)) return 'The database cannot be used at the moment.';
  return isStorageTrouble(error) ? 'The storage of media files does not answer.' : undefined;
}

/** 403 is a key that is no longer good; whoever runs the server can mend that. */
function isStorageTrouble(error: unknown): boolean {
  const { data } = storageErrorSchema.safeParse(error);
  if (data === undefined) return false;
  const status = data.$metadata?.httpStatusCode ?? 0;
  return data.name === 'TimeoutError' || status === 403 || status === 429 || status >= 500;
}
