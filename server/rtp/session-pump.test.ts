import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createListeners } from './listeners.ts';
import type { FromThread, ToThread } from './pump-messages.ts';
import type { PumpThread } from './pump-thread-handle.ts';
import { createSessionPump } from './session-pump.ts';

const log = pino({ level: 'silent' });
const OPENED = { port: 5004, duration: 12, framesPerSecond: 30 };

/** Opens what it is asked to, and then does what the test wants. */
function testThread() {
  const [said, died] = [createListeners<FromThread>(log), createListeners<Error>(log)];
  let pumpId = 0;
  const post = (message: ToThread) => {
    if (message.type !== 'openSession') return;
    ({ pumpId } = message);
    queueMicrotask(() => said.emit({ type: 'sessionOpened', pumpId, opened: OPENED }));
  };
  const thread: PumpThread = {
    ...{ pumps: 0, post, onDied: died.on },
    onMessage: (_pumpId, listener) => said.on(listener),
    call: () => Promise.resolve(undefined),
    stats: () => Promise.reject(new Error('not here')),
    close: () => Promise.resolve(),
  };
  const failFile = () => said.emit({ type: 'failed', pumpId, message: 'gone' });
  return { thread, failFile, die: () => died.emit(new Error('dead')) };
}

test.each<[string, 'failFile' | 'die', { failed: number; died: number }]>([
  ['a file that is gone', 'failFile', { failed: 1, died: 0 }],
  ['the death of its thread', 'die', { failed: 0, died: 1 }],
])('%s is told as that, once, and ends it', async (_name, happens, expected) => {
  const machine = testThread();
  const options = { video: [], videoPayloadType: 96, audioPayloadType: 97 };
  const pump = await createSessionPump(
    machine.thread,
    { ...options, ssrcs: { video: 1 }, cname: 'a' },
    log,
  );
  const told = { failed: 0, died: 0 };
  pump.onFailed(() => {
    told.failed += 1;
  });
  pump.onDied(() => {
    told.died += 1;
  });
  machine[happens]();
  machine[happens]();
  expect([told, machine.thread.pumps]).toEqual([expected, 0]);
  await expect(pump.stats()).rejects.toThrow('closed');
});
