import type { ChunkCache } from './chunk-cache.ts';
import type { Answer, FromThread, ToSession } from './pump-messages.ts';
import type { createReaderPool } from './reader-pool.ts';
import type { SessionPumpOptions } from './session-pump.ts';
import { SessionStream } from './session-stream.ts';
import type { createStreamTimer } from './stream-timer.ts';

export type ThreadSessions = {
  readonly size: number;
  handle(message: ToSession): void;
};

/** The Sessions of one Pump thread. */
export function createThreadSessions({
  cache,
  readers,
  timer,
  tell,
}: {
  cache: ChunkCache;
  readers: ReturnType<typeof createReaderPool>;
  timer: ReturnType<typeof createStreamTimer>;
  tell(message: FromThread): void;
}): ThreadSessions {
  const sessions = new Map<number, { stream: SessionStream; release(): void }>();

  const open = async (pumpId: number, options: SessionPumpOptions): Promise<void> => {
    const lease = await readers.acquire(options);
    try {
      const stream = await SessionStream.open(options, lease.readers, cache, {
        onReady: timer.reschedule,
        onFailed: (error) => fail(pumpId, error),
        onRendition: (rendition) => tell({ type: 'sessionFlows', pumpId, rendition }),
        onMoved: (playhead) => tell({ type: 'sessionMoved', pumpId, playhead }),
        onEnded: (playhead) => tell({ type: 'sessionEnded', pumpId, playhead }),
      });
      sessions.set(pumpId, { stream, release: lease.release });
      timer.add(stream);
      const { port, duration, framesPerSecond } = stream;
      tell({ type: 'sessionOpened', pumpId, opened: { port, duration, framesPerSecond } });
    } catch (error) {
      lease.release();
      throw error;
    }
  };

  const close = (pumpId: number): void => {
    const session = sessions.get(pumpId);
    if (!session) return;
    sessions.delete(pumpId);
    timer.remove(session.stream);
    session.stream.close();
    session.release();
  };

  const fail = (pumpId: number, error: Error): void => {
    if (!sessions.has(pumpId)) return;
    // First the reason, then the answers of what was asked of it.
    tell({ type: 'failed', pumpId, message: error.message });
    close(pumpId);
  };

  /** Carries out what is asked with a `callId`, and answers. */
  const answer = async (message: Extract<ToSession, { callId: number }>): Promise<void> => {
    const stream = sessions.get(message.pumpId)?.stream;
    try {
      const result = stream && (await carryOut(stream, message));
      if (stream) timer.reschedule(stream);
      tell({ type: 'answer', callId: message.callId, answer: result });
    } catch (error) {
      fail(message.pumpId, error instanceof Error ? error : new Error(String(error)));
      tell({ type: 'answer', callId: message.callId, answer: undefined });
    }
  };

  return {
    get size() {
      return sessions.size;
    },
    handle(message) {
      const { pumpId } = message;
      if ('callId' in message) void answer(message);
      else if (message.type === 'closeSession') close(pumpId);
      else if (message.type === 'switchSession')
        sessions.get(pumpId)?.stream.switchTo(message.rendition);
      else
        open(pumpId, message.options).catch((error: unknown) =>
          tell({
            type: 'openFailed',
            pumpId,
            message: error instanceof Error ? error.message : String(error),
          }),
        );
    },
  };
}

async function carryOut(
  stream: SessionStream,
  message: Extract<ToSession, { callId: number }>,
): Promise<Answer> {
  switch (message.type) {
    case 'steerSession':
      return stream.steer(message.order);
    case 'pauseSession':
      return stream.pause();
    case 'connectSession':
      await stream.connect(message.target);
      return stream.stats();
    default:
      return stream.stats();
  }
}
