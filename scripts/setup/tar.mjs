/** Reads the one kind of tar archive that the set-up meets: POSIX ustar with one regular file. */

const BLOCK = 512;

/**
 * The content of the first regular file of an archive (POSIX.1-1988 ustar: size in octal at offset 124,
 * type at 156, where '0' and NUL mean a regular file).
 * @param {Buffer} archive
 * @throws {Error} when there is none, or it is cut off
 */
export function onlyFileOfTar(archive) {
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = Number.parseInt(header.toString('latin1', 124, 136).replace(/\0.*$/, ''), 8);
    const start = at + BLOCK;
    if (Number.isNaN(size) || start + size > archive.length) throw new Error('broken tar archive');
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === '0' || type === '\0') return archive.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error('the tar archive has no file');
}
