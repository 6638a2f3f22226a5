import type { FromThread, ToThread } from './pump-messages.ts';
import type { PumpThread } from './pump-thread-handle.ts';

/**
 * Has a thread open a Pump.
 *
 * @param openedIn what its answer says of the opened one, if it is that answer
 * @throws {Error} when a file cannot be read, or the thread dies.
 */
export function openOn<T>(
  thread: PumpThread,
  message: Extract<ToThread, { pumpId: number }>,
  openedIn: (answer: FromThread) => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = [
      thread.onMessage(message.pumpId, (answer) => {
        const opened = openedIn(answer);
        if (opened !== undefined) resolve(opened);
        if (answer.type === 'openFailed') reject(new Error(answer.message));
        for (const undo of stop) undo();
      }),
      thread.onDied(reject),
    ];
    thread.post(message);
  });
}
