import { z } from 'zod';
import { SfumatoError } from '../../../signaling/contract/index.ts';

const coded = z.object({ code: z.string() });

export function hasCode(error: unknown, ...codes: string[]): boolean {
  const { data } = coded.safeParse(error);
  return data !== undefined && codes.includes(data.code);
}

export const notThere = (cause?: unknown): SfumatoError =>
  new SfumatoError('notFound', 'There is no such media file.', { cause });

export const takenAway = (cause?: unknown): SfumatoError =>
  new SfumatoError('notFound', 'The file is no longer where it was left.', {
    cause,
    hint: 'It lies in the watched folder and was moved or deleted there. What was made of it stays.',
  });

/** A full disk, or a quota of the file system, in words; any other error as it is. */
export function noRoom(cause: unknown): unknown {
  if (!hasCode(cause, 'ENOSPC', 'EDQUOT')) return cause;
  return new SfumatoError('unavailable', 'The disk is full.', { cause });
}
