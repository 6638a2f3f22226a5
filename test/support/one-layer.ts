import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(import.meta.dirname, 'ffmpeg-whip.mjs');

/** 1280x720, two minutes and a half, a key frame a second and none on request: as an encoder has it. */
const CLIP = [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30'],
  ...['-f', 'lavfi', '-i', 'sine=440', '-t', '150'],
  ...['-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'ultrafast', '-bf', '0', '-g', '30'],
  ...['-b:v', '2M', '-pix_fmt', 'yuv420p', '-c:a', 'libopus', '-ac', '2', '-ar', '48000'],
];

export interface OneLayerPublisher {
  /** What it had to say, for a test that fails. */
  readonly said: string;
  close(): Promise<void>;
}

/** FFmpeg's own WHIP muxer sends a clip of one layer. */
export async function publishOneLayer(url: string, key: string): Promise<OneLayerPublisher> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-one-layer-'));
  const clip = join(folder, 'clip.mkv');
  await promisify(execFile)(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [...CLIP, clip]);
  const child = spawn(process.execPath, [SCRIPT, clip, url], {
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
