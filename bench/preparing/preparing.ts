import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { createFfmpeg, type Ffmpeg, words } from '../../server/ffmpeg/ffmpeg.ts';
import { newLibraryId } from '../../server/library/library-id.ts';
import { examine } from '../../server/library/preparation/examine.ts';
import { firstRunArgs, otherRunArgs } from '../../server/library/preparation/film-args.ts';
import {
  type FilmPlan,
  planFilm,
  type VideoPlan,
} from '../../server/library/preparation/film-plan.ts';
import { createPreparation } from '../../server/library/preparation/preparation.ts';
import { isThere } from '../../server/store/is-there.ts';
import { createDiskMediaFiles } from '../../server/store/media-files/disk-media-files.ts';
import { mediaKey } from '../../server/store/media-files/media-key.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR } from '../support/media.ts';
import { interleave } from '../support/statistics.ts';

const run = promisify(execFile);

const ROUNDS = 3;
/** Seconds of the film. */
const LENGTH = 10;

type FilmWithPicture = FilmPlan & { video: VideoPlan };

/** What it costs to prepare a film, against one ffmpeg for each rung; and how soon it can be watched. */
export async function benchPreparing(): Promise<Figure[]> {
  const film = await makeFilm();
  const log = pino({ level: 'silent' });
  const { FFMPEG_PATH: ffmpegPath = 'ffmpeg', FFPROBE_PATH: ffprobePath = 'ffprobe' } = process.env;
  const ffmpeg = createFfmpeg({ ffmpegPath, ffprobePath, log });
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-bench-'));
  try {
    return [await cpuFigure(ffmpeg, film, folder), await timeFigure(ffmpeg, film, folder)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** 1080p of 10 Mbit/s, as phones and cameras write it: grain, some blur, B-frames. Kept between runs. */
async function makeFilm(): Promise<string> {
  const path = join(DATA_DIR, `camera-1080-${LENGTH}.mp4`);
  await mkdir(DATA_DIR, { recursive: true });
  if (await isThere(path)) return path;
  await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
    ...words('-hide_banner -loglevel error -y -f lavfi -i'),
    `testsrc2=size=1920x1080:rate=30:duration=${LENGTH}`,
    ...words(`-f lavfi -i sine=frequency=440:duration=${LENGTH}`),
    ...words('-vf noise=alls=10:allf=t,gblur=sigma=1.2 -c:v libx264 -preset veryfast -bf 2'),
    ...words('-b:v 10M -maxrate 12M -bufsize 12M -pix_fmt yuv420p -c:a aac'),
    path,
  ]);
  return path;
}

async function cpuFigure(ffmpeg: Ffmpeg, film: string, folder: string): Promise<Figure> {
  const plan = await planOf(ffmpeg, film);
  const others = plan.video.ladder.rungs.map((_, index) => index).slice(1);
  const cost = async (runs: string[][]) => {
    const before = await childrenCpuSeconds();
    for (const args of runs) await ffmpeg.run({ args, folder, onOutput: () => undefined });
    return (await childrenCpuSeconds()) - before;
  };
  const first = firstRunArgs(plan, film);
  const ours = () => cost([first, otherRunArgs(plan, film, { rungs: others, aac: true })]);
  // The sound is made once on both sides.
  const single = (index: number) =>
    otherRunArgs(plan, film, { rungs: [index], aac: index === others.at(-1) });
  const floor = () => cost([first, ...others.map(single)]);
  const { a, b } = await interleave(ROUNDS, ours, floor);
  return figure({
    ...{ name: `preparing ${LENGTH} s of 1080p: CPU time`, unit: 's' },
    ...{ ours: a, floor: b, target: { times: 0.9, says: '0.9 x one ffmpeg a rung' } },
  });
}

async function planOf(ffmpeg: Ffmpeg, film: string): Promise<FilmWithPicture> {
  const examined = await examine(ffmpeg, film);
  if (examined.kind === 'image') throw new Error('The film of the bench is an image.');
  const plan = planFilm(examined, await ffmpeg.filters());
  if (!plan.video) throw new Error('The film of the bench has no picture.');
  return { ...plan, video: plan.video };
}

async function timeFigure(ffmpeg: Ffmpeg, film: string, folder: string): Promise<Figure> {
  const files = await createDiskMediaFiles(join(folder, 'media'));
  const log = pino({ level: 'silent' });
  const scratchDir = join(folder, 'scratch');
  const preparation = await createPreparation({ ffmpeg, files, scratchDir, log });
  const watchable: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = newLibraryId();
    const original = mediaKey(id, 'original');
    await files.put(original, { file: film });
    const startMs = performance.now();
    const seconds = () => (performance.now() - startMs) / 1000;
    let first: number | undefined;
    await preparation.prepare({ id, original }, untracked(), async (made) => {
      if (made.watchable) first ??= seconds();
    });
    whole.push(seconds());
    watchable.push(first ?? Number.NaN);
    await files.removeAsset(id);
  }
  await preparation.close();
  await files.close();
  return figure({
    ...{ name: 'preparing: first rung playable (floor: everything ready)', unit: 's' },
    ...{ ours: watchable, floor: whole, target: { times: 1 / 3, says: 'a third of the whole' } },
  });
}

/** A job that nobody keeps. */
function untracked(): Parameters<Awaited<ReturnType<typeof createPreparation>>['prepare']>[1] {
  const { signal } = new AbortController();
  return {
    signal,
    step: async (_name, result, work) => result.parse(await work(signal)),
    progress: () => undefined,
  };
}

/** Of this process's children that have ended, and theirs: `cutime` and `cstime` of proc_pid_stat(5). */
async function childrenCpuSeconds(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
