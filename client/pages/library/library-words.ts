import type { Asset, AssetFile, AssetKind, Visibility } from '../../../signaling/contract/index.ts';

/** `about 3 minutes left`. */
export function remainingWords(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `about ${minutes} minutes left`;
  return `about ${Math.round(seconds / 3600)} hours left`;
}

export const VISIBILITY_WORDS: Record<Visibility, string> = {
  public: 'Public',
  unlisted: 'Unlisted',
  signedIn: 'Signed in',
  password: 'Password',
  token: 'By token',
  private: 'Private',
};

export const KIND_WORDS: Record<AssetKind, string> = {
  video: 'Video',
  audio: 'Sound',
  image: 'Image',
};

export const FILE_WORDS: Record<AssetFile['role'], string> = {
  rendition: 'Rendition',
  image: 'Image',
  poster: 'Poster',
  cover: 'Cover',
  preview: 'Preview strip',
  waveform: 'Waveform',
  captions: 'Captions',
  chapters: 'Chapters',
};

/** What is to be said of what becomes of it; nothing of one that is ready. */
export function stateWords({ state, reason, progress, watchable }: Asset): string {
  if (state === 'uploading') return 'Being uploaded';
  if (state === 'refused') return reason ?? 'Refused';
  if (state === 'ready') return '';
  const made = progress === undefined ? 'Waits to be made ready' : percentWords(progress.fraction);
  return watchable ? `${made} · watchable already` : made;
}

function percentWords(fraction: number): string {
  return `Being made ready, ${Math.floor(fraction * 100)} %`;
}

/** `Video · 1280 × 720`. */
export function factsWords({ kind, width, height }: Asset): string {
  const size = width === undefined || height === undefined ? '' : `${width} × ${height}`;
  return [kind === null ? '' : KIND_WORDS[kind], size].filter(Boolean).join(' · ');
}

/** `1 item`, `3 items`. */
export function countWords(count: number, one = 'item'): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
