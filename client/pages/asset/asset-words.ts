import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';
import { clockWords } from '../../player/controls/time-words.ts';
import { sizeWords } from '../words.ts';

/** `22 November 2026`, in the person's own way of writing it. */
export function dateWords(createdAt: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(createdAt));
}

/** What there is to know of an Asset beside its title: how long, how large, since when. */
export function factsOf(asset: Asset, locale?: string): string[] {
  const { kind, duration, width, height, createdAt, state, watchable } = asset;
  const size = width === undefined || height === undefined ? '' : `${width} × ${height}`;
  return [
    duration === undefined || kind === 'image' ? '' : clockWords(duration),
    kind === 'image' ? size : '',
    dateWords(createdAt, locale),
    state === 'preparing' && watchable ? 'better pictures are being made' : '',
  ].filter((fact) => fact !== '');
}

export type Download = { name: string; words: string };

/** What can be taken home of an Asset; the original is for those who may change it. */
export function downloadsOf(asset: Asset, withOriginal: boolean): Download[] {
  const files = asset.files.flatMap((file) => {
    const what = whatOf(file);
    const { name, bytes } = file;
    return what === null ? [] : [{ name, words: `${what}, ${sizeWords(bytes)}` }];
  });
  const { bytes = 0, originalName = 'the file as it came' } = asset;
  const original = `The original (${originalName}), ${sizeWords(bytes)}`;
  return withOriginal && asset.state !== 'uploading'
    ? [{ name: 'original', words: original }, ...files]
    : files;
}

function whatOf({ role, type, width, height, label, language }: AssetFile): string | null {
  const kind = /^\w+\/(\w+)/.exec(type)?.[1]?.toUpperCase() ?? '';
  if (role === 'image') return `${label ?? `${width} × ${height}`}, ${kind}`;
  if (role === 'captions') return `Captions, ${label ?? language ?? 'text'}`;
  if (role !== 'rendition') return null;
  if (width !== undefined && height !== undefined) {
    return `Picture without sound, ${Math.min(width, height)}p`;
  }
  return /mp4a/.test(type) ? 'Sound, AAC' : 'Sound, Opus';
}

/** A part of a list, around one of it. */
export type Neighbours<T> = {
  before: T | undefined;
  after: T | undefined;
  /** In the list's order. */
  around: readonly T[];
  /** Is there more before it, after it? */
  more: { before: boolean; after: boolean };
};

/** How many of a list are shown on each side. */
const AROUND = 50;

/**
 * What comes before and after in a list: of those that can be watched.
 *
 * @param goesOn does the list go on after what is known of it?
 */
export function neighboursOf<T extends { id: string; watchable: boolean }>(
  list: readonly T[],
  id: string,
  goesOn = false,
): Neighbours<T> {
  const index = list.findIndex((one) => one.id === id);
  const from = Math.max(0, index - AROUND);
  const to = Math.min(list.length, Math.max(index, 0) + AROUND + 1);
  return {
    before: list.slice(0, Math.max(0, index)).findLast(({ watchable }) => watchable),
    after: index < 0 ? undefined : list.slice(index + 1).find(({ watchable }) => watchable),
    around: list.slice(from, to),
    more: { before: from > 0, after: to < list.length || goesOn },
  };
}
