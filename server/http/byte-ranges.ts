/** Both ends belong to it. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * What a `Range` header asks for of something that has so many bytes (RFC 9110 section 14.2).
 *
 * @param size bytes
 * @returns undefined where the whole is to be answered: for what cannot be read, other units, and several ranges,
 *   which a server may leave alone; `unsatisfiable` for 416
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? undefined : suffix(Number(last), size);
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: Math.min(end, size - 1) };
}

function suffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  return { start: Math.max(0, size - length), end: size - 1 };
}
