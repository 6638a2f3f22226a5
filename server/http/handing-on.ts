/**
 * Whoever cannot send a header shows a playback token in the address, and what a playlist names is asked for as it stands
 * there: so it stands there with the token. Pure.
 */

/** HLS: lines that are addresses, and the attribute `URI` of tags (RFC 8216 sections 4.1 and 4.2). */
export function handOnInPlaylist(playlist: string, token: string): string {
  return playlist
    .split('\n')
    .map((line) => {
      if (line.startsWith('#')) {
        return line.replaceAll(
          /\bURI="([^"]+)"/g,
          (_all, uri: string) => `URI="${shown(uri, token)}"`,
        );
      }
      return line === '' ? line : shown(line, token);
    })
    .join('\n');
}

/** WebVTT whose cues are parts of pictures: `sheet.jpg#xywh=0,0,160,90` (Media Fragments 1.0 section 4.2.2). */
export function handOnInPreview(vtt: string, token: string): string {
  return vtt.replaceAll(/^(.+)(#xywh=.+)$/gm, (_all, uri: string, part: string) => {
    return `${shown(uri, token)}${part}`;
  });
}

function shown(uri: string, token: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}
