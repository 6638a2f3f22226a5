import { basename, extname } from 'node:path';

/**
 * A Channel id made of a file's name: what is not a letter or digit becomes a dash, accents are dropped,
 * and a number is added where the id is taken.
 */
export function channelIdFor(path: string, isTaken: (id: string) => boolean): string {
  const name = basename(path, extname(path))
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 56)
    .replace(/^-+|-+$/g, '');
  const id = name === '' ? 'file' : name;
  if (!isTaken(id)) return id;
  for (let number = 2; ; number += 1) {
    if (!isTaken(`${id}-${number}`)) return `${id}-${number}`;
  }
}

/** A title for people: the file's name without its folder and ending. */
export function channelTitleFor(path: string): string {
  return (
    basename(path, extname(path))
      .replace(/[-_.]+/g, ' ')
      .trim() || basename(path)
  );
}
