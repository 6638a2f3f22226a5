import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { createPump, type Pump } from './pump.ts';
import { createPumpThread, type PumpThread } from './pump-thread-handle.ts';
import type { PumpOptions, ThreadStats } from './pump-messages.ts';
import { createSessionPump, type SessionPump, type SessionPumpOptions } from './session-pump.ts';

/** Of one thread. What many watch at the same time is kept by being used; of the rest, as much as is read ahead. */
const DEFAULT_CACHE_BYTES = 96 * 1024 * 1024;

export type PumpPool = {
  /**
   * Opens the files and a socket. Nothing is sent before `start`.
   * @throws {Error} when a file cannot be read.
   */
  open(options: PumpOptions): Promise<Pump>;
  /**
   * Opens the files of an Asset and a socket for one Viewer's Session. Nothing is sent before `steer`.
   * @throws {Error} when a file cannot be read.
   */
  openSession(options: SessionPumpOptions): Promise<SessionPump>;
  threadStats(): Promise<ThreadStats[]>;
  /** Closes every Pump and ends the threads. */
  close(): Promise<void>;
};

export function createPumpPool(options: {
  log: Logger;
  /** Default: half the cores, for the SFU's workers have the others' work. */
  threads?: number | undefined;
  /** Payloads kept a thread, bytes. */
  cacheBytes?: number | undefined;
}): PumpPool {
  const count = options.threads ?? Math.max(1, Math.floor(availableParallelism() / 2));
  const cacheBytes = options.cacheBytes ?? DEFAULT_CACHE_BYTES;
  const threads = new Set<PumpThread>();
  let closed = false;

  const spawn = (): PumpThread => {
    const thread = createPumpThread({ cacheBytes, log: options.log });
    threads.add(thread);
    thread.onDied((error) => {
      threads.delete(thread);
      if (!closed)
        options.log.error({ err: error }, 'A Pump thread died; the next Pump gets a new one');
    });
    return thread;
  };

  /** The thread with the fewest Pumps; threads are started when they are first needed. */
  const pick = (): PumpThread => {
    if (threads.size < count) return spawn();
    return [...threads].reduce((best, thread) => (thread.pumps < best.pumps ? thread : best));
  };

  return {
    async open(pumpOptions) {
      if (closed) throw new Error('The Pumps are closed.');
      return createPump(pick(), pumpOptions, options.log);
    },
    async openSession(sessionOptions) {
      if (closed) throw new Error('The Pumps are closed.');
      return createSessionPump(pick(), sessionOptions, options.log);
    },
    threadStats: () => Promise.all([...threads].map((thread) => thread.stats())),
    async close() {
      closed = true;
      await Promise.all([...threads].map((thread) => thread.close()));
    },
  };
}
