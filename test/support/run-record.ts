/**
 * What a whole run of the tests leaves behind for its last step, which looks for every secret that was used in
 * everything that was logged: `scripts/secrets-in-logs.mjs`. It makes the folder and names it in
 * SFUMATO_TEST_LOG_DIR; without that, nothing is written.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LevelWithSilent, type Logger, pino } from 'pino';

const folder = process.env['SFUMATO_TEST_LOG_DIR'] ?? '';
/** Shorter ones are found in anything, and no secret of ours is that short. */
const SHORTEST_SECRET = 12;

export const isRecorded = folder !== '';

/** @param name of the file, among those of this process */
export function recordLog(name: 'server' | 'urls' | 'processes', text: string): void {
  append('logs', `${name}-${process.pid}.log`, text.endsWith('\n') ? text : `${text}\n`);
}

/** @param name what is said where it is found, for the secret itself is not */
export function recordSecret(name: string, value: string | undefined): void {
  if (value !== undefined) record({ name, value });
}

/**
 * A playback token: short-lived, and made to stand in addresses, for a frame and the elements that play media send no
 * headers. It may be nowhere else.
 */
export function recordPlaybackToken(name: string, value: string | undefined): void {
  if (value !== undefined) record({ name, value, inAddresses: true });
}

function record(secret: { name: string; value: string; inAddresses?: true }): void {
  if (secret.value.length < SHORTEST_SECRET) return;
  append('secrets', `${process.pid}.jsonl`, `${JSON.stringify(secret)}\n`);
}

/** A database that the run's last step drops. */
export function recordDatabase(name: string): void {
  append('databases', `${process.pid}.txt`, `${name}\n`);
}

/** The log of a server in this process. @param listen is given its lines too */
export function recordingLogger(listen?: (line: string) => void, level?: LevelWithSilent): Logger {
  const wanted = level ?? (isRecorded || listen !== undefined ? 'debug' : 'silent');
  const write = (line: string) => {
    recordLog('server', line);
    listen?.(line);
  };
  return pino({ level: wanted }, { write });
}

/** The command lines of all processes of this machine, as `ps -ef` shows them. */
export function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)
    .filter((line) => line !== '');
}

/** Everything that is running now. To be called while servers with secrets run. */
export function recordProcesses(): void {
  if (isRecorded) recordLog('processes', commandLines().join('\n'));
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // It has ended in the meantime.
    return '';
  }
}

function append(kind: string, file: string, text: string): void {
  if (!isRecorded) return;
  mkdirSync(join(folder, kind), { recursive: true });
  appendFileSync(join(folder, kind, file), text, { mode: 0o600 });
}
