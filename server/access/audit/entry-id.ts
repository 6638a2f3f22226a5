import { randomBytes } from 'node:crypto';

let last = 0;

/**
 * An id that is greater than the ones before it of this process: what was done within the same millisecond stays in its
 * order. Beyond that it is random, for other servers write to the same table.
 */
export function newEntryId(): string {
  last = Math.max(last + 1, Date.now() * 1000);
  return last.toString(36).padStart(12, '0') + randomBytes(6).toString('hex');
}
