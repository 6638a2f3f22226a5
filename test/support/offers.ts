import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', 'corpus', 'sdp');

/** An offer of test/corpus/sdp, by its name without the ending. */
export function corpusOffer(name: string): string {
  return readFileSync(join(FOLDER, `${name}.sdp`), 'utf8').replaceAll(/\r?\n/g, '\r\n');
}
