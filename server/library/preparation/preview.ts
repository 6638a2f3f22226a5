import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { AssetFile } from '../../../signaling/contract/index.ts';
import type { TilePlan } from './film-plan.ts';
import type { Preview } from './made.ts';
import { choosePoster, pictureScore } from './poster-choice.ts';
import { keepData, type Workbench } from './workbench.ts';
import { vttTime } from './vtt.ts';

/** Tiles beside and below each other on one sheet. */
const COLUMNS = 10;
const TILES_A_SHEET = 100;

type MadePreview = { preview: Preview; files: AssetFile[]; posterTime: number };

/** Puts tiles together on sheets, and tells which of them shows most. Undefined where there is no tile. */
export async function makePreview(
  bench: Workbench,
  plan: TilePlan,
  path: string,
): Promise<MadePreview | undefined> {
  const { width, height, intervalMs } = plan;
  const files: AssetFile[] = [];
  const scores: number[] = [];
  for await (const tiles of readSheets(path, plan)) {
    scores.push(...tiles.map((rgb) => pictureScore({ rgb, width, height })));
    const name = `preview-${files.length}.jpg`;
    const sheet = layOut(tiles, plan);
    const data = await sharp(sheet.rgb, { raw: { ...sheet.size, channels: 3 } })
      .jpeg({ quality: 70, mozjpeg: false })
      .toBuffer();
    files.push(
      await keepData(bench, name, data, { role: 'preview', type: 'image/jpeg', ...sheet.size }),
    );
  }
  if (scores.length === 0) return undefined;
  const interval = intervalMs / 1000;
  const sheets = files.map(({ name }) => name);
  const preview = { file: 'preview.vtt', sheets, width, height, interval, count: scores.length };
  const vtt = previewVtt(preview);
  files.push(await keepData(bench, preview.file, vtt, { role: 'preview', type: 'text/vtt' }));
  return { preview, files, posterTime: choosePoster(scores) * interval };
}

async function* readSheets(path: string, plan: TilePlan): AsyncGenerator<Buffer[]> {
  const tileBytes = plan.width * plan.height * 3;
  const handle = await open(path, 'r');
  try {
    for (let at = 0; ; ) {
      const length = TILES_A_SHEET * tileBytes;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
      const count = Math.floor(bytesRead / tileBytes);
      if (count === 0) return;
      at += count * tileBytes;
      yield Array.from({ length: count }, (_, index) =>
        buffer.subarray(index * tileBytes, (index + 1) * tileBytes),
      );
    }
  } finally {
    await handle.close();
  }
}

function layOut(tiles: readonly Buffer[], { width, height }: TilePlan) {
  const columns = Math.min(COLUMNS, tiles.length);
  const size = { width: columns * width, height: Math.ceil(tiles.length / columns) * height };
  const rgb = Buffer.alloc(size.width * size.height * 3);
  const rowBytes = width * 3;
  for (const [index, tile] of tiles.entries()) {
    const left = (index % columns) * rowBytes;
    const top = Math.floor(index / columns) * height;
    for (let row = 0; row < height; row += 1) {
      tile.copy(rgb, (top + row) * size.width * 3 + left, row * rowBytes, (row + 1) * rowBytes);
    }
  }
  return { rgb, size };
}

/** A cue for each tile, as players read it: the place on its sheet is a media fragment (W3C, section 4.2.2). */
export function previewVtt({
  sheets,
  width,
  height,
  interval,
  count,
}: Omit<Preview, 'file'>): string {
  const cues = Array.from({ length: count }, (_, index) => {
    const place = index % TILES_A_SHEET;
    const sheet = Math.floor(index / TILES_A_SHEET);
    const columns = Math.min(COLUMNS, count - sheet * TILES_A_SHEET);
    const [x, y] = [(place % columns) * width, Math.floor(place / columns) * height];
    const times = `${vttTime(index * interval)} --> ${vttTime((index + 1) * interval)}`;
    return `${times}\n${sheets[sheet]}#xywh=${x},${y},${width},${height}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}
