import { isAbsolute } from 'node:path';
import type { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/errors.ts';
import { type MediaInfo, probeSchema, toMediaInfo } from './media-info.ts';
import { createProgressReader, type Progress } from './progress.ts';
import {
  type ProcessLimits,
  type SupervisedProcess,
  spawnSupervised,
} from './supervised-process.ts';

export type RunOptions = {
  /** Everything after the general options: inputs (see `inputArgs`), filters, outputs. */
  args: readonly string[];
  /** Written to ffmpeg's stdin, for an input `pipe:0`. A piece is done with when the next is asked for. */
  input?: AsyncIterable<Uint8Array> | undefined;
  /** Seconds of output, for progress as a fraction. */
  durationSeconds?: number | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Receives ffmpeg's stdout, for an output `pipe:1`. Awaited before the next piece. */
  onOutput?: ((data: Buffer) => void | Promise<void>) | undefined;
  signal?: AbortSignal | undefined;
  /** Wall-clock limit for the whole run. */
  timeLimitMs?: number | undefined;
  /** Killed when the output has not grown for so long. */
  stallLimitMs?: number | undefined;
  /** How much it gives way to others (nice(1)); default 10, for work that nobody waits for. */
  niceness?: number | undefined;
  /** What ffmpeg may take, for a file from anywhere. */
  limits?: ProcessLimits | undefined;
  /** Where relative names in `args` are: names inside of filters need no quoting then. */
  folder?: string | undefined;
};

export type Ffmpeg = {
  /**
   * What a media file holds.
   * @throws {SfumatoError} `unsupportedMedia` with a plain reason.
   */
  probe(file: string, signal?: AbortSignal): Promise<MediaInfo>;
  /**
   * Runs ffmpeg to its end. It dies with this process whatever way this process dies.
   * @throws {SfumatoError} `unsupportedMedia` with ffmpeg's last words; `timeout`.
   * @throws the signal's reason when aborted.
   */
  run(options: RunOptions): Promise<void>;
  /** The filters that this ffmpeg has; distributions leave some out. Asked once. */
  filters(): Promise<ReadonlySet<string>>;
};

/**
 * Formats that hold their media themselves. Playlists (HLS, DASH, concat), picture sequences and
 * devices, which read other files, stay out however a file is named.
 */
const FORMATS =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,ogg,mp3,wav,w64,aiff,flac,flv,live_flv,avi,aac,ac3,eac3,asf';

/** Width times height; 16K is 132 Mpixel. A picture bomb is refused by the decoder. */
const MAX_PIXELS = 8192 * 8192;

const PROBE_TIME_LIMIT_MS = 30_000;
const PROBE_MEMORY_BYTES = 4 * 1024 ** 3;
const MAX_PROBE_BYTES = 4 * 1024 * 1024;
const DEFAULT_TIME_LIMIT_MS = 24 * 60 * 60 * 1000;
const DEFAULT_STALL_LIMIT_MS = 60_000;
const STDERR_TAIL_BYTES = 4096;

/** Only this file, nothing that it may point to. */
function restrictions(): string[] {
  return ['-protocol_whitelist', 'file,crypto,data', '-format_whitelist', FORMATS];
}

/** Options written as they are on a command line; none of them holds a space. */
export const words = (...lines: string[]): string[] => lines.flatMap((line) => line.split(' '));

/** An input of a file from anywhere, read with nothing but its own content. */
export function inputArgs(file: string): string[] {
  if (!isAbsolute(file)) throw new Error(`ffmpeg gets absolute paths only, not ${file}`);
  return [...restrictions(), '-max_pixels', String(MAX_PIXELS), '-i', file];
}

export function createFfmpeg(options: {
  ffmpegPath: string;
  ffprobePath: string;
  log: Logger;
}): Ffmpeg {
  const run = (one: RunOptions) => runFfmpeg(options.ffmpegPath, one, options.log);
  let filters: Promise<ReadonlySet<string>> | undefined;
  return {
    probe: (file, signal) => probe(options.ffprobePath, file, signal),
    run,
    filters: () => (filters ??= listFilters(run)),
  };
}

/** Reads the lines of `ffmpeg -filters`: flags, name, `A->V`, description. */
async function listFilters(run: (options: RunOptions) => Promise<void>): Promise<Set<string>> {
  let text = '';
  await run({ args: ['-filters'], onOutput: (piece) => void (text += piece.toString('latin1')) });
  return new Set([...text.matchAll(/^ \S{3} (\w+) +\S+->\S+ /gm)].map(([, name = '']) => name));
}

async function probe(ffprobePath: string, file: string, signal?: AbortSignal): Promise<MediaInfo> {
  if (!isAbsolute(file)) throw new Error(`ffprobe gets absolute paths only, not ${file}`);
  const pieces: Buffer[] = [];
  let bytes = 0;
  const quiet = ['-v', 'error', '-hide_banner'];
  const asked = words('-show_format -show_streams -show_chapters -of json -i');
  await supervise(
    spawnSupervised(ffprobePath, [...quiet, ...restrictions(), ...asked, file], {
      input: false,
      limits: { memoryBytes: PROBE_MEMORY_BYTES },
    }),
    {
      signal,
      timeLimitMs: PROBE_TIME_LIMIT_MS,
      stallLimitMs: PROBE_TIME_LIMIT_MS,
      onOutput: (piece) => {
        bytes += piece.length;
        if (bytes <= MAX_PROBE_BYTES) pieces.push(piece);
      },
    },
  );
  return toMediaInfo(parseProbe(Buffer.concat(pieces).toString()));
}

function parseProbe(text: string) {
  try {
    return probeSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SfumatoError('unsupportedMedia', 'ffprobe could not describe the file.', { cause });
  }
}

function runFfmpeg(ffmpegPath: string, run: RunOptions, log: Logger): Promise<void> {
  const stdin = run.input ? [] : ['-nostdin'];
  const general = ['-hide_banner', ...stdin, '-y', '-loglevel', 'error'];
  const args = [...general, '-progress', 'pipe:4', '-stats_period', '0.25', ...run.args];
  const { niceness, limits, folder } = run;
  const options = { input: run.input !== undefined, niceness, limits, folder };
  log.debug({ args }, 'ffmpeg starts');
  return supervise(spawnSupervised(ffmpegPath, args, options), run);
}

type Supervision = Omit<RunOptions, 'args'>;

async function supervise(child: SupervisedProcess, run: Supervision): Promise<void> {
  const guard = guardOf(child, run);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_BYTES);
  });
  const readProgress = createProgressReader(run.durationSeconds, (progress) => {
    if (guard.advanced(progress.seconds)) run.onProgress?.(progress);
  });
  child.progress.setEncoding('utf8').on('data', readProgress);
  const output = readOutput(child, run.onOutput);
  const input = run.input && child.stdin ? feed(child.stdin, run.input, child) : undefined;
  try {
    const [code] = await Promise.all([child.ended, output, input]);
    guard.throwReason();
    if (code !== 0) throw failure(stderr, code);
  } finally {
    guard.end();
  }
}

async function readOutput(
  child: SupervisedProcess,
  onOutput: Supervision['onOutput'],
): Promise<void> {
  try {
    for await (const piece of child.stdout) await onOutput?.(piece);
  } catch (error) {
    child.kill();
    throw error;
  }
}

/** Writes what ffmpeg can take. When ffmpeg ends first, its own message is the one that counts. */
async function feed(
  stdin: Writable,
  input: AsyncIterable<Uint8Array>,
  child: SupervisedProcess,
): Promise<void> {
  let broken = false;
  stdin.on('error', () => {
    broken = true;
  });
  try {
    for await (const piece of input) {
      if (broken || stdin.destroyed) return;
      // The source may use its buffer again, so a piece is written out before the next is asked for.
      await new Promise<void>((resolve) => {
        stdin.write(piece, () => resolve());
      });
    }
    stdin.end();
  } catch (error) {
    if (broken) return;
    child.kill();
    throw error;
  }
}

/** What may end a run early: the caller, the wall clock, and no progress. */
function guardOf(child: SupervisedProcess, run: Supervision) {
  let reason: unknown;
  let furthest = -1;
  const end = (why: unknown) => {
    reason ??= why;
    child.kill();
  };
  const slow = (what: string) => () =>
    end(new SfumatoError('timeout', `ffmpeg was stopped: ${what}.`));
  const stallLimitMs = run.stallLimitMs ?? DEFAULT_STALL_LIMIT_MS;
  const limit = setTimeout(slow('it took too long'), run.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS);
  const stall = setTimeout(slow(`no progress for ${stallLimitMs / 1000} s`), stallLimitMs);
  const onAbort = () => end(run.signal?.reason);
  if (run.signal?.aborted) onAbort();
  run.signal?.addEventListener('abort', onAbort);
  return {
    /** Progress blocks keep coming from an ffmpeg that does nothing: only growth counts. */
    advanced(seconds: number): boolean {
      if (seconds <= furthest) return false;
      furthest = seconds;
      stall.refresh();
      return true;
    },
    throwReason() {
      if (reason !== undefined) throw reason;
    },
    end() {
      clearTimeout(limit);
      clearTimeout(stall);
      run.signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** 128 and the number of SIGXFSZ, on Linux and BSD. */
const FILE_TOO_LARGE = 153;

const refusal = (reason: string, cause: Error): SfumatoError =>
  new SfumatoError('unsupportedMedia', reason, { cause });

/** The shell's own codes for a program that is not there or may not be run. */
const NOT_STARTED = new Set([126, 127]);

function failure(stderr: string, code: number): SfumatoError {
  const cause = new Error(stderr || `exit code ${code}`);
  if (NOT_STARTED.has(code)) {
    return new SfumatoError('unavailable', 'ffmpeg could not be started.', {
      cause,
      hint: 'Set FFMPEG_PATH to where it is.',
    });
  }
  if (stderr.includes('No space left on device')) {
    return new SfumatoError('unavailable', 'The disk is full.', { cause });
  }
  if (/Cannot allocate memory|Out of memory/i.test(stderr)) {
    return refusal('It takes more memory than a file may take.', cause);
  }
  if (code === FILE_TOO_LARGE) return refusal('What is made of it would be too large.', cause);
  const lines = stderr.trim().split('\n').filter(Boolean);
  const last = lines.at(-1)?.replace(/^\[[^\]]*\]\s*/, '') ?? `it ended with code ${code}`;
  return new SfumatoError('unsupportedMedia', `ffmpeg could not read the file: ${last}`, { cause });
}
