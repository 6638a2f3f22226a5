type Track = { kind: string; language: string; mode: TextTrackMode };

/** Which captions to show: those that were, else the first in a language of the person's, else the first. */
export function captionsFor(
  tracks: readonly Track[],
  languages: readonly string[],
  last: number | null,
): number | null {
  if (last !== null && tracks[last] !== undefined) return last;
  const wanted = languages.map((language) => language.split('-')[0]);
  const own = tracks.findIndex(({ language }) => wanted.includes(language.split('-')[0] ?? ''));
  if (own >= 0) return own;
  return tracks.length > 0 ? 0 : null;
}

let last: number | null = null;

/** Captions off, or on again. */
export function toggleCaptions(list: TextTrackList): void {
  const tracks = [...list].filter(({ kind }) => kind === 'captions' || kind === 'subtitles');
  const showing = tracks.findIndex(({ mode }) => mode === 'showing');
  const next = showing < 0 ? captionsFor(tracks, navigator.languages, last) : null;
  if (showing >= 0) last = showing;
  tracks.forEach((track, index) => (track.mode = index === next ? 'showing' : 'disabled'));
}
