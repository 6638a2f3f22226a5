import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asset } from '../../signaling/contract/index.ts';
import { ORIGINAL } from '../../server/library/asset-work.ts';
import { SERVER } from '../../server/library/reader.ts';
import { ADMIN, type LibraryBehind, openLibrary } from '../../test/support/library.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type FilmLook, makeCodedFilm } from '../../test/support/stored-clips.ts';
import { DATA_DIR } from '../support/media.ts';
import type { Undo } from '../support/undoing.ts';

/** Ten minutes of 720p, 360p and 180p, with some noise so that decoding takes what it takes. */
export const LONG: Film = {
  title: 'Ten minutes',
  seconds: 600,
  look: { width: 320, height: 180, enlarged: 4, noise: 8, framesPerSecond: 25, sound: 'beeps' },
};

/** What people watch on demand on a page: 360p and 180p. */
export const SHORT: Film = {
  title: 'Two minutes',
  seconds: 120,
  look: { width: 320, height: 180, enlarged: 2, noise: 8, framesPerSecond: 25, sound: 'tone' },
};

export type Film = { title: string; seconds: number; look: FilmLook };

/** A server with the demo on air and a library that is kept between runs. */
export type Stage = { server: ServerProcess; library: LibraryBehind };

export async function startStage(
  undo: Undo,
  settings: Record<string, string> = {},
): Promise<Stage> {
  const server = await ServerProcess.start({
    settings: { DATA_DIR, DATABASE_URL: '', ...settings },
    until: settings['DEMO'] === 'off' ? 'listening' : 'onAir',
  });
  undo.push(() => server.stop());
  const library = await openLibrary({ folder: DATA_DIR, databaseUrl: undefined });
  undo.push(() => library.close());
  return { server, library };
}

/** Makes a film and has it prepared, where that was not done in an earlier run. */
export async function filmOf({ library }: Pick<Stage, 'library'>, film: Film): Promise<Asset> {
  const known = await idOf(library, film.title);
  return await untilReady(library, known ?? (await put(library, film)));
}

async function put(library: LibraryBehind, { title, seconds, look }: Film): Promise<string> {
  await mkdir(DATA_DIR, { recursive: true });
  const file = await makeCodedFilm(DATA_DIR, seconds, `${title}.mkv`, look);
  const id = await library.put(file, { title, visibility: 'public' });
  await rm(file);
  return id;
}

/** The same film as that many Assets, each with files of its own. @returns their ids */
export async function copiesOf(stage: Stage, film: Film, count: number): Promise<string[]> {
  const { library } = stage;
  const { id: original, kind, state, duration, width, height, files } = await filmOf(stage, film);
  const made = (await readdir(library.path(original, ''))).filter((name) => name !== ORIGINAL);
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const title = `${film.title} (${number})`;
    const facts = { kind, state, duration, width, height, files };
    const given = Object.fromEntries(
      Object.entries(facts).filter(([, fact]) => fact !== undefined),
    );
    const id =
      (await idOf(library, title)) ??
      (await library.assets.create({ title, visibility: 'public', ...given }, ADMIN)).id;
    // Those that are there from an earlier run stay.
    for (const name of made) {
      await cp(library.path(original, name), library.path(id, name), { force: false });
    }
    ids.push(id);
  }
  return ids;
}

async function idOf({ db }: LibraryBehind, title: string): Promise<string | undefined> {
  const query = db.selectFrom('assets').select('id').where('title', '=', title);
  return (await query.where('state', '!=', 'refused').executeTakeFirst())?.id;
}

/** Preparing ten minutes takes its time; the server goes on with what an earlier run has begun. */
async function untilReady({ assets }: LibraryBehind, id: string): Promise<Asset> {
  for (;;) {
    const asset = await assets.get(id, SERVER);
    if (asset.state === 'ready') return asset;
    if (asset.state === 'refused') throw new Error(`${asset.title} was refused: ${asset.reason}`);
    await sleep(500);
  }
}

/** Where a Rendition lies, the lowest first. */
export function renditionFiles(
  { library }: Stage,
  { id, files }: Asset,
): { path: string; height: number }[] {
  return files
    .filter(({ role, height }) => role === 'rendition' && height !== undefined)
    .toSorted((one, other) => (one.height ?? 0) - (other.height ?? 0))
    .map(({ name, height = 0 }) => ({ path: library.path(id, name), height }));
}

export const soundFile = ({ library }: Stage, { id }: Asset): string =>
  library.path(id, 'audio.mp4');
