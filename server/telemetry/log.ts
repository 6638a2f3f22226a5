import { destination, type Logger, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import { redact } from './redaction.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whatever is logged under these names is a secret, or could hold one. */
const REDACTED = [
  'token',
  'streamKey',
  'password',
  'newPassword',
  'secret',
  'authorization',
  'cookie',
  '*.token',
  '*.streamKey',
  '*.password',
  '*.newPassword',
  '*.secret',
  '*.authorization',
  '*.cookie',
  'req.headers.authorization',
  'req.headers.cookie',
];

/** Apart from where it goes. */
export function logOptions(level: LogLevel): LoggerOptions {
  return { level, redact: REDACTED, base: null, hooks: { streamWrite: redact } };
}

/**
 * The log: JSON a line for machines, coloured lines for a person at a terminal.
 *
 * - `error`: something is broken for somebody and will not mend itself, or did after damage
 * - `warn`: something is odd; nobody has noticed yet
 * - `info`: what an operator wants to read the day after: starts, stops, Channels on and off air
 * - `debug`: what a developer wants to read
 */
export function createLog(level: LogLevel): Logger {
  const options = logOptions(level);
  if (!process.stdout.isTTY) return pino(options, destination({ fd: 1, sync: true }));
  return pino(options, pretty({ translateTime: 'SYS:HH:MM:ss.l', sync: true }));
}
