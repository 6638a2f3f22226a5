import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetFile } from '../../../signaling/contract/index.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import type { MediaFiles } from '../../store/media-files/media-files.ts';
import { mediaKey } from '../../store/media-files/media-key.ts';

/** Where one step of a preparation works, and with what. */
export type Workbench = {
  ffmpeg: Ffmpeg;
  /** The filters that this ffmpeg has. */
  filters: ReadonlySet<string>;
  files: MediaFiles;
  assetId: string;
  /** Path of the original. */
  original: string;
  /** An empty folder of this step's own, gone afterwards. */
  folder: string;
  signal: AbortSignal;
  /** Of this step, 0 to 1. */
  onProgress(fraction: number): void;
};

/** What is said of a file besides its name and size. */
export type FileWords = Omit<AssetFile, 'name' | 'bytes'>;

/** Keeps a file of the bench's folder under its own name, for good. */
export async function keepFile(
  { files, assetId, folder, signal }: Workbench,
  name: string,
  words: FileWords,
): Promise<AssetFile> {
  const file = join(folder, name);
  const { size: bytes } = await stat(file);
  await files.put(mediaKey(assetId, name), { file, mayMove: true }, signal);
  return { name, bytes, ...words };
}

/** The same for what is in memory. */
export async function keepData(
  bench: Workbench,
  name: string,
  data: string | Uint8Array,
  words: FileWords,
): Promise<AssetFile> {
  await writeFile(join(bench.folder, name), data);
  return keepFile(bench, name, words);
}
