/** The worker thread's entry: many streams, one timer. */
import { parentPort, workerData } from 'node:worker_threads';
import { createChunkCache } from './chunk-cache.ts';
import { createReaderPool } from './reader-pool.ts';
import type { FromThread, PumpOptions, PumpTarget, ThreadData, ToThread } from './pump-messages.ts';
import { PumpStream } from './pump-stream.ts';
import { createStreamTimer } from './stream-timer.ts';
import { createThreadSessions } from './thread-sessions.ts';

function main(port: NonNullable<typeof parentPort>, { cacheBytes }: ThreadData): void {
  const cache = createChunkCache(cacheBytes);
  const readers = createReaderPool();
  const streams = new Map<number, { stream: PumpStream; release(): void }>();
  const timer = createStreamTimer();
  const tell = (message: FromThread) => port.postMessage(message);
  const sessions = createThreadSessions({ cache, readers, timer, tell });

  const open = async (pumpId: number, options: PumpOptions): Promise<void> => {
    const lease = await readers.acquire(options);
    try {
      const stream = await PumpStream.open(options, lease.readers, cache, {
        onReady: timer.reschedule,
        onFailed: (error) => fail(pumpId, error),
        onEnded: () => tell({ type: 'ended', pumpId }),
      });
      streams.set(pumpId, { stream, release: lease.release });
      timer.add(stream);
      tell({ type: 'opened', pumpId, port: stream.port, period: stream.period });
    } catch (error) {
      lease.release();
      throw error;
    }
  };

  const close = (pumpId: number): void => {
    const entry = streams.get(pumpId);
    if (!entry) return;
    streams.delete(pumpId);
    timer.remove(entry.stream);
    entry.stream.close();
    entry.release();
  };

  const fail = (pumpId: number, error: Error): void => {
    if (!streams.has(pumpId)) return;
    close(pumpId);
    tell({ type: 'failed', pumpId, message: error.message });
  };

  const start = async (pumpId: number, callId: number, target: PumpTarget): Promise<void> => {
    const stream = streams.get(pumpId)?.stream;
    await stream?.start(target);
    if (stream) timer.reschedule(stream);
    tell({ type: 'answer', callId, answer: stream?.stats() });
  };

  const finishRound = (pumpId: number): void => {
    const stream = streams.get(pumpId)?.stream;
    stream?.finishRound();
    if (stream) timer.reschedule(stream);
  };

  const handle = (message: ToThread): void => {
    switch (message.type) {
      case 'open':
        open(message.pumpId, message.options).catch((error: unknown) =>
          tell({ type: 'openFailed', pumpId: message.pumpId, message: messageOf(error) }),
        );
        return;
      case 'start':
        start(message.pumpId, message.callId, message.target).catch((error: unknown) =>
          fail(message.pumpId, error instanceof Error ? error : new Error(String(error))),
        );
        return;
      case 'stop':
        streams.get(message.pumpId)?.stream.stop();
        return;
      case 'finishRound':
        finishRound(message.pumpId);
        return;
      case 'close':
        close(message.pumpId);
        return;
      case 'pumpStats':
        tell({
          type: 'answer',
          callId: message.callId,
          answer: streams.get(message.pumpId)?.stream.stats(),
        });
        return;
      case 'threadStats': {
        const pumps = streams.size + sessions.size;
        const answer = { pumps, cpuSeconds: cpuSeconds(), cachedBytes: cache.bytes };
        tell({ type: 'answer', callId: message.callId, answer });
        return;
      }
      default:
        sessions.handle(message);
    }
  };

  port.on('message', handle);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Of this thread alone where Node can tell (22.19, 23.9). */
function cpuSeconds(): number {
  const read: typeof process.cpuUsage = process.threadCpuUsage ?? process.cpuUsage;
  const usage = read.call(process);
  return (usage.user + usage.system) / 1e6;
}

if (parentPort) main(parentPort, workerData);
