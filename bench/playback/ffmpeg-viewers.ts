import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { proportionalBytes, readCpuTime } from '../support/proc.ts';

const FFMPEG = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const LOOPBACK = '127.0.0.1';

export type FfmpegFilm = { video: string; audio: string; seconds: number };

/**
 * - `encode`: what a Session does for a Viewer: it begins with exactly the wanted picture, and sends no more than a link
 *   carries. For that ffmpeg encodes the picture anew, here as fast as it can.
 * - `copy`: the least that ffmpeg can do: the prepared file at the pace of the clock, from a key frame on, whatever the
 *   link carries. No Viewer would be served by it; it is what sending alone costs.
 */
export type FfmpegWork = 'encode' | 'copy';

const PICTURE: Record<FfmpegWork, readonly string[]> = {
  encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-b:v', '800k'],
  copy: ['-c', 'copy'],
};

/**
 * An ffmpeg for each Viewer, which reads the prepared files and sends them as RTP. It cannot be told to go elsewhere:
 * for each seek another one takes its place. Everything arrives at one socket.
 */
export class FfmpegViewers {
  readonly #film: FfmpegFilm;
  readonly #work: FfmpegWork;
  readonly #socket: Socket;
  readonly #running: ChildProcess[] = [];
  /** CPU time of those that have ended, seconds. */
  #spent = 0;
  packets = 0;

  private constructor(film: FfmpegFilm, work: FfmpegWork, socket: Socket) {
    this.#film = film;
    this.#work = work;
    this.#socket = socket;
    socket.on('message', () => {
      this.packets += 1;
    });
  }

  static async start(film: FfmpegFilm, work: FfmpegWork, count: number): Promise<FfmpegViewers> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
    const viewers = new FfmpegViewers(film, work, socket);
    for (let index = 0; index < count; index += 1) viewers.#running.push(viewers.#spawn());
    return viewers;
  }

  /** CPU time of all so far, seconds. */
  async cpuSeconds(): Promise<number> {
    const times = await Promise.all(this.#running.map(cpuOf));
    return this.#spent + times.reduce((sum, time) => sum + time, 0);
  }

  /** Memory of one, bytes: what it shares with the others counts by its share. */
  async bytesEach(): Promise<number> {
    const sizes = await Promise.all(this.#running.map(({ pid = 0 }) => proportionalBytes(pid)));
    return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  }

  /** Everybody goes somewhere else, one after the other, in this time. */
  async seek(withinMs: number): Promise<void> {
    for (const [index, child] of this.#running.entries()) {
      this.#spent += await cpuOf(child);
      child.kill('SIGKILL');
      this.#running[index] = this.#spawn();
      await sleep(withinMs / this.#running.length);
    }
  }

  close(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    this.#socket.close();
  }

  #spawn(): ChildProcess {
    const { video, audio, seconds } = this.#film;
    const at = ['-re', '-ss', (Math.random() * (seconds - 40)).toFixed(2)];
    const to = `rtp://${LOOPBACK}:${this.#socket.address().port}?pkt_size=1200`;
    return spawn(
      FFMPEG,
      [
        ...['-hide_banner', '-loglevel', 'error', '-nostdin'],
        ...[...at, '-i', video, ...at, '-i', audio],
        ...['-map', '0:v', ...PICTURE[this.#work], '-f', 'rtp', to],
        ...['-map', '1:a', '-c', 'copy', '-f', 'rtp', to],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  }
}

async function cpuOf({ pid = 0 }: ChildProcess): Promise<number> {
  return (await readCpuTime(pid)).total;
}
