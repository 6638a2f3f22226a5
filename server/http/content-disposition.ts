/** Enough for people; file systems take 255 bytes. Characters. */
const MAX_LENGTH = 120;

/**
 * The `Content-Disposition` of a file (RFC 6266), whatever its name is: nothing in the name can end the header or
 * say which way it is written, lead into another folder, or hide the ending.
 */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const safe = safeName(name);
  const ascii = safe.replaceAll(/[^\x20-\x7e]/gu, '_').replaceAll(/["\\%]/g, '_');
  const plain = `${kind}; filename="${ascii}"`;
  return ascii === safe ? plain : `${plain}; filename*=UTF-8''${extendedValue(safe)}`;
}

/** A name that every file system takes. */
function safeName(name: string): string {
  const line = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '')
    .replaceAll(/[<>:"/\\|?*]/g, '_')
    .trim()
    .replace(/^\.+/, '');
  return shortened(line) || 'file';
}

/** With its ending. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= MAX_LENGTH) return name;
  const ending = /\.[a-z0-9]{1,10}$/i.exec(name)?.[0] ?? '';
  return letters.slice(0, MAX_LENGTH - ending.length).join('') + ending;
}

/** RFC 8187 section 3.2.1: `attr-char` as it is, all other bytes as `%XX`. */
function extendedValue(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
