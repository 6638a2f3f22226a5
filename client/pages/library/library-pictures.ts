import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';

/** What a card shows: files by their types, as `<picture>` wants them. */
export type Picture = {
  sources: { type: string; srcset: string }[];
  src: string;
  width: number | undefined;
  height: number | undefined;
};

/** The best first; what is not listed is no picture for a card. */
const TYPES = ['image/avif', 'image/webp', 'image/jpeg', 'image/png'];
/** Pixels: no card is wider, on a screen with two of them for one of CSS. */
const WIDEST = 1300;

export function fileUrl(id: string, name: string): string {
  return `/api/v1/assets/${id}/files/${name}`;
}

/** @returns undefined where no picture was made of it (yet) */
export function pictureOf({ id, files }: Asset): Picture | undefined {
  const still = (role: string) =>
    files.filter((file) => file.role === role && file.label !== 'animation');
  const pictures = ['poster', 'cover', 'image'].map(still).find(({ length }) => length > 0) ?? [];
  const byType = TYPES.map((type) => ({ type, files: fitting(pictures, type) }));
  const present = byType.filter((one) => one.files.length > 0);
  const last = present.at(-1)?.files.at(-1);
  if (last === undefined) return undefined;
  const sources = present.map((one) => ({ type: one.type, srcset: srcset(id, one.files) }));
  return { sources, src: fileUrl(id, last.name), width: last.width, height: last.height };
}

/** Of one type, small ones first, without those that are larger than any card. */
function fitting(files: readonly AssetFile[], type: string): AssetFile[] {
  const all = files
    .filter((file) => file.type === type)
    .toSorted((a, b) => (a.width ?? 0) - (b.width ?? 0));
  const small = all.filter(({ width = 0 }) => width <= WIDEST);
  return small.length > 0 ? small : all.slice(0, 1);
}

function srcset(id: string, files: readonly AssetFile[]): string {
  return files.map(({ name, width }) => `${fileUrl(id, name)} ${width ?? 320}w`).join(', ');
}
