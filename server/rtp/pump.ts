import type { Logger } from 'pino';
import { createListeners } from './listeners.ts';
import { openOn } from './open-on.ts';
import type { PumpOptions, PumpStats, PumpTarget } from './pump-messages.ts';
import type { PumpThread } from './pump-thread-handle.ts';

export type Pump = {
  /** One UDP socket for every Layer and the sound, RTP and RTCP. */
  readonly localAddress: '127.0.0.1';
  readonly localPort: number;
  /** Seconds of one round of the broadcast. */
  readonly period: number;
  /** Begins, or sends the running broadcast to another place (its SFU worker was replaced). */
  start(target: PumpTarget): Promise<void>;
  /** Sends nothing more; the broadcast's clock goes on, and `start` joins it where it then is. */
  stop(): void;
  /** The round that is being sent is the last one. Once it has begun. */
  finishRound(): void;
  /** @throws {Error} when the Pump is closed. */
  stats(): Promise<PumpStats>;
  /** It cannot go on: a file is gone, its thread died. It is closed then. */
  onFailed(listener: (error: Error) => void): () => void;
  /** The last frame of the last round has been sent. It stays open. */
  onEnded(listener: () => void): () => void;
  close(): void;
};

let lastPumpId = 0;

/** Pumps of every kind have different ones. */
export function nextPumpId(): number {
  lastPumpId += 1;
  return lastPumpId;
}

/** @throws {Error} when a file cannot be read. */
export async function createPump(
  thread: PumpThread,
  options: PumpOptions,
  log: Logger,
): Promise<Pump> {
  const pumpId = nextPumpId();
  thread.pumps += 1;
  const failures = createListeners<Error>(log);
  const ends = createListeners<void>(log);
  let closed = false;

  const end = (): boolean => {
    if (closed) return false;
    closed = true;
    thread.pumps -= 1;
    stopListening();
    stopMourning();
    return true;
  };
  const fail = (error: Error): void => {
    if (end()) failures.emit(error);
  };
  const stopMourning = thread.onDied(fail);
  const stopListening = thread.onMessage(pumpId, (message) => {
    if (message.type === 'failed') fail(new Error(message.message));
    if (message.type === 'ended') ends.emit();
  });

  let opened: { port: number; period: number };
  try {
    opened = await openOn(thread, { type: 'open', pumpId, options }, (message) =>
      message.type === 'opened' ? message : undefined,
    );
  } catch (error) {
    end();
    throw error;
  }
  return {
    localAddress: '127.0.0.1',
    localPort: opened.port,
    period: opened.period,
    async start(target) {
      if (closed) throw new Error('The Pump is closed.');
      await thread.call((callId) => ({ type: 'start', pumpId, callId, target }));
    },
    stop: () => {
      if (!closed) thread.post({ type: 'stop', pumpId });
    },
    finishRound: () => {
      if (!closed) thread.post({ type: 'finishRound', pumpId });
    },
    async stats() {
      if (closed) throw new Error('The Pump is closed.');
      const answer = await thread.call((callId) => ({ type: 'pumpStats', pumpId, callId }));
      if (!answer || !('skips' in answer)) throw new Error('The Pump is closed.');
      return answer;
    },
    onFailed: failures.on,
    onEnded: ends.on,
    close() {
      if (end()) thread.post({ type: 'close', pumpId });
    },
  };
}
