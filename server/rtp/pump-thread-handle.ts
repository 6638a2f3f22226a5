import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { createListeners, type Listeners, type Undo } from './listeners.ts';
import type { Answer, FromThread, ThreadData, ThreadStats, ToThread } from './pump-messages.ts';

/** The main thread's end of one Pump thread. */
export type PumpThread = {
  /** How many Pumps it has, those of Sessions too. */
  pumps: number;
  post(message: ToThread): void;
  /** Sends a message that is answered. */
  call(message: (callId: number) => ToThread): Promise<Answer>;
  /** What the thread says of one Pump. */
  onMessage(pumpId: number, listener: (message: FromThread) => void): Undo;
  onDied(listener: (error: Error) => void): Undo;
  stats(): Promise<ThreadStats>;
  /** Ends the thread and, without a word, every Pump on it. */
  close(): Promise<void>;
};

export function createPumpThread(options: { cacheBytes: number; log: Logger }): PumpThread {
  const data: ThreadData = { cacheBytes: options.cacheBytes };
  const worker = new Worker(new URL('./pump-thread.ts', import.meta.url), {
    workerData: data,
    name: 'pump',
  });
  const calls = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  /** By Pump: what one says is no matter to a thousand others. */
  const messages = new Map<number, { heard: Listeners<FromThread>; count: number }>();
  const deaths = createListeners<Error>(options.log);
  let nextCallId = 1;
  let dead: Error | undefined;
  let closing = false;

  const die = (error: Error): void => {
    if (dead) return;
    dead = error;
    for (const call of calls.values()) call.reject(error);
    calls.clear();
    if (!closing) deaths.emit(error);
  };

  worker.on('message', (message: FromThread) => {
    if (message.type !== 'answer') return messages.get(message.pumpId)?.heard.emit(message);
    calls.get(message.callId)?.resolve(message.answer);
    calls.delete(message.callId);
  });
  worker.on('error', die);
  worker.on('exit', (code) => die(new Error(`The Pump thread ended with code ${code}.`)));

  const post = (message: ToThread): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(message);
  };

  const call: PumpThread['call'] = (message) => {
    if (dead) return Promise.reject(dead);
    const callId = nextCallId;
    nextCallId += 1;
    return new Promise((resolve, reject) => {
      calls.set(callId, { resolve, reject });
      post(message(callId));
    });
  };

  const onMessage: PumpThread['onMessage'] = (pumpId, listener) => {
    const entry = messages.get(pumpId) ?? { heard: createListeners(options.log), count: 0 };
    const undo = entry.heard.on(listener);
    entry.count += 1;
    messages.set(pumpId, entry);
    let undone = false;
    return () => {
      if (undone) return;
      undone = true;
      undo();
      entry.count -= 1;
      if (entry.count === 0) messages.delete(pumpId);
    };
  };

  return {
    pumps: 0,
    post,
    call,
    onMessage,
    onDied: (listener) => deaths.on(listener),
    async stats() {
      const answer = await call((callId) => ({ type: 'threadStats', callId }));
      if (!answer || !('cpuSeconds' in answer)) throw new Error('The Pump thread gave no figures.');
      return answer;
    },
    async close() {
      closing = true;
      await worker.terminate();
    },
  };
}
