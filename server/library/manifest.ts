import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What stands beside the Renditions and says that all of them are there. */
export const MANIFEST_FILE = 'manifest.json';

const fileName = z.string().regex(/^[a-z0-9-]+\.mp4$/);

const manifestSchema = z.object({
  version: z.literal(1),
  /** What the file itself says, where it does. */
  title: z.string().optional(),
  /** Seconds of one round. */
  duration: z.number().positive(),
  /** Exact: every rung has the same rate, and key frames on the same frames. */
  framesPerSecond: z
    .object({ num: z.number().int().positive(), den: z.number().int().positive() })
    .optional(),
  /** Low to high; none for sound alone. */
  rungs: z.array(
    z.object({
      file: fileName,
      bytes: z.number().int().positive(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      /** Bits a second, measured. */
      bitrate: z.number().int().positive(),
      keyFrameInterval: z.number().int().positive(),
    }),
  ),
  audio: z
    .object({
      file: fileName,
      bytes: z.number().int().positive(),
      bitrate: z.number().int().positive(),
    })
    .optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A manifest whose files have been found: each `file` is an absolute path. */
export type Prepared = Omit<Manifest, 'title'> & { folder: string; title: string };

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = JSON.stringify(manifestSchema.parse(manifest), undefined, 2);
  await writeFile(join(folder, MANIFEST_FILE), `${text}\n`);
}

/**
 * What a folder holds; undefined where anything is missing, cut short or not understood.
 * @param name the title where the file itself says none.
 */
export async function readPrepared(folder: string, name: string): Promise<Prepared | undefined> {
  const manifest = await readManifest(folder);
  if (!manifest || !(await hasAllFiles(folder, manifest))) return undefined;
  return {
    ...manifest,
    title: manifest.title ?? name,
    folder,
    rungs: manifest.rungs.map((rung) => ({ ...rung, file: join(folder, rung.file) })),
    audio: manifest.audio && { ...manifest.audio, file: join(folder, manifest.audio.file) },
  };
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
  } catch {
    // Not there, not JSON, or from another version: in each case it is made again.
    return undefined;
  }
}

async function hasAllFiles(folder: string, { rungs, audio }: Manifest): Promise<boolean> {
  const expected = [...rungs, ...(audio ? [audio] : [])];
  const found = await Promise.allSettled(expected.map(({ file }) => stat(join(folder, file))));
  return found.every(
    (result, index) =>
      result.status === 'fulfilled' && result.value.size === expected[index]?.bytes,
  );
}
