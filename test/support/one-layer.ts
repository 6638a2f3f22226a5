import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(import.meta.dirname, 'ffmpeg-whip.mjs');

/** A key frame a second and none on request: as an encoder has it. */
const CLIP = [
  ...['-f', 'lavfi', '-i', 'sine=440', '-t', '30'],
  ...['-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'ultrafast', '-bf', '0', '-g', '30'],
  ...['-b:v', '2M', '-pix_fmt', 'yuv420p', '-c:a', 'libopus', '-ac', '2', '-ar', '48000'],
];
/** One after the other: an hour. */
const TIMES = 120;

export interface OneLayerPublisher {
  /** What it had to say, for a test that fails. */
  readonly said: string;
  close(): Promise<void>;
}

export interface OneLayerOptions {
  /** Pixels, as ffmpeg has them; 1280x720 by default. */
  size?: string;
  /** Makes of a command the one that runs it where the publisher is to be. */
  inside?: (command: readonly string[]) => readonly string[];
}

/** FFmpeg's own WHIP muxer sends a clip of one layer, over and over. */
export async function publishOneLayer(
  url: string,
  key: string,
  { size = '1280x720', inside = (command) => command }: OneLayerOptions = {},
): Promise<OneLayerPublisher> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-one-layer-'));
  const list = await makeClips(folder, size);
  const [command = '', ...args] = inside([process.execPath, SCRIPT, list, url]);
  const child = spawn(command, args, {
    // Not as an argument: everybody on the machine can read those.
    env: { ...process.env, NODE_OPTIONS: '', STREAM_KEY: key },
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  return {
    get said() {
      return said;
    },
    async close() {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @returns a list for FFmpeg's concat demuxer */
async function makeClips(folder: string, size: string): Promise<string> {
  const list = join(folder, 'clips.ffconcat');
  await promisify(execFile)(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30`],
    ...CLIP,
    join(folder, 'clip.mkv'),
  ]);
  await writeFile(list, `ffconcat version 1.0\n${'file clip.mkv\n'.repeat(TIMES)}`);
  return list;
}

/** The encoders of lower Layers that this server has started, by process id. */
export function encodersOf(server: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isEncoder(pid) && descendsFrom(pid, server));
}

function isEncoder(pid: number): boolean {
  const words = readIfThere(`/proc/${pid}/cmdline`).split('\0');
  const ladder = words.some((word) => word.includes('sfumato-ladder-'));
  return words[0]?.endsWith('ffmpeg') === true && ladder;
}

function descendsFrom(pid: number, ancestor: number): boolean {
  const parent = Number(/^PPid:\s*(\d+)/m.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0);
  return parent === ancestor || (parent > 1 && descendsFrom(parent, ancestor));
}

/** Processes end while they are looked at. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
