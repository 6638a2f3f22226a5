import { extname } from 'node:path';

/** Endings of files that there may be something to watch, to hear or to look at in. */
const MEDIA = new Set(
  `3g2 3gp aac ac3 aif aiff asf avi avif caf dv eac3 f4v flac flv gif jfif jpeg jpg m2ts m4a m4b m4v mk3d mka mkv
  mov mp2 mp3 mp4 mpe mpeg mpg mts mxf oga ogg ogm ogv opus png tif tiff ts vob wav wave weba webm webp wma wmv`
    .split(/\s+/)
    .filter(Boolean),
);

/** Endings by which it is certain that no player shows the file, with what it is. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'a program': split('apk app bat cmd com deb dll dmg elf exe iso jar msi ps1 rpm sh so vbs'),
  'an archive': split('7z bz2 cab gz lz4 rar tar tgz xz zip zst'),
  'a document': split(
    'csv doc docx epub htm html json key md odp ods odt pages pdf ppt pptx rtf txt xls xlsx xml yaml yml',
  ),
  'a project or its sources': split('ai blend c cpp css go indd java js php prproj py rs tsx'),
  'a font': split('otf ttf woff woff2'),
  'a database': split('db mdb sqlite sqlite3'),
  'an image of a kind that is not read here': split('bmp heic heif jxl psd svg'),
};

/** As much as people may write, too. */
const MAX_TITLE = 200;

/** Is it taken from a watched folder? Its content decides later what it is. */
export function hasMediaName(name: string): boolean {
  return MEDIA.has(ending(name));
}

/**
 * What a file is that nobody needs to send: a courtesy, for its content decides later.
 *
 * @param type its media type (RFC 6838), as the client says it
 * @returns undefined where it may be something to watch
 */
export function notMedia(name: string, type?: string): string | undefined {
  const end = ending(name);
  if (MEDIA.has(end)) return undefined;
  const known = Object.entries(OTHERS).find(([, endings]) => endings.includes(end));
  if (known !== undefined) return known[0];
  return type !== undefined && /^(text|font|model|message)\//i.test(type) ? `a ${type}` : undefined;
}

/** A title for people: the name without its ending. */
export function titleOf(name: string): string {
  const bare = name.slice(0, name.length - extname(name).length);
  const words = bare.replaceAll('_', ' ').replace(/\s+/g, ' ').trim();
  return cut(words === '' ? name : words, MAX_TITLE);
}

/** Between letters as people see them. */
function cut(text: string, most: number): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (kept.length + segment.length > most) break;
    kept += segment;
  }
  return kept;
}

function ending(name: string): string {
  return extname(name).slice(1).toLowerCase();
}

function split(text: string): string[] {
  return text.split(' ');
}
