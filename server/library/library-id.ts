import { randomInt } from 'node:crypto';

/** RFC 4648 section 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LETTERS = 26;
const LENGTH = 16;

/** A new id of an Asset or a collection, as `libraryIdSchema` says. */
export function newLibraryId(): string {
  let id = '';
  for (let index = 0; index < LENGTH; index += 1) {
    // A letter first: what has no capital letter may be a Channel's id.
    id += BASE32.charAt(randomInt(index === 0 ? LETTERS : BASE32.length));
  }
  return id;
}
