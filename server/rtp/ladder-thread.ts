/** The worker thread's entry: every ladder of this server, so that no packet waits for signaling. */
import { parentPort } from 'node:worker_threads';
import type { FromLadderThread, LadderOptions, ToLadderThread } from './ladder-messages.ts';
import { LadderStream } from './ladder-stream.ts';

function main(port: NonNullable<typeof parentPort>): void {
  const streams = new Map<number, LadderStream>();
  const closed = new Set<number>();
  const tell = (message: FromLadderThread) => port.postMessage(message);

  const open = async (ladderId: number, options: LadderOptions): Promise<void> => {
    const stream = await LadderStream.open(options, {
      flowing: () => tell({ type: 'flowing', ladderId }),
      stalled: () => tell({ type: 'stalled', ladderId }),
    });
    if (closed.delete(ladderId)) return stream.close();
    streams.set(ladderId, stream);
    tell({ type: 'opened', ladderId, port: stream.port });
  };

  const close = (ladderId: number): void => {
    const stream = streams.get(ladderId);
    if (stream === undefined) closed.add(ladderId);
    streams.delete(ladderId);
    stream?.close();
  };

  const act = async (message: ToLadderThread): Promise<void> => {
    const { ladderId } = message;
    const stream = streams.get(ladderId);
    switch (message.type) {
      case 'open':
        return await open(ladderId, message.options);
      case 'start':
        return await stream?.start(message.peer);
      case 'encode':
        await stream?.encode(message.paths);
        return tell({ type: 'listening', ladderId });
      case 'rest':
        return stream?.rest();
      case 'close':
        return close(ladderId);
    }
  };

  port.on('message', (message: ToLadderThread) => {
    const type = message.type === 'encode' ? 'notListening' : 'failed';
    act(message).catch((error: unknown) =>
      tell({ type, ladderId: message.ladderId, message: String(error) }),
    );
  });
}

if (parentPort) main(parentPort);
