import type { Logger } from 'pino';
import { createListeners } from './listeners.ts';
import { openOn } from './open-on.ts';
import { nextPumpId } from './pump.ts';
import type { Answer, FromThread, OpenedSession, PumpTarget, ToSession } from './pump-messages.ts';
import type { PumpThread } from './pump-thread-handle.ts';

export type SessionPumpOptions = {
  /** Renditions of one Asset, the lowest first; their key frames are on the same frames. */
  video: readonly { file: string }[];
  audio?: { file: string } | undefined;
  videoPayloadType: number;
  audioPayloadType: number;
  ssrcs: { video: number; audio?: number | undefined };
  cname: string;
  /** Id of the playout-delay header extension: pictures are to be shown as soon as they are decoded. */
  playoutDelayId?: number | undefined;
};

/** What is to be sent from now on, in place of what was sent before. */
export type SessionOrder = {
  /** Seconds from the first picture: the picture that is shown at that time is the wanted one. */
  at: number;
  /**
   * The moment for which `at` holds, milliseconds of `performance.timeOrigin + performance.now()`: each picture and the
   * sound are sent at `atMs + (position - at) / rate * 1000`, however late the order is carried out. Without it, at once.
   */
  atMs?: number | undefined;
  /** The picture that many on from there, or back. */
  frames?: number | undefined;
  /** Seconds of media a second; 0: the wanted picture and nothing more. Sound is sent at 1 only. */
  rate: number;
  /** The Rendition to send, an index of `video`. */
  rendition: number;
  /**
   * The most to send at once before the wanted picture, bytes. Where that is not enough from the key frame on, the
   * highest lower Rendition is sent whose way is short enough, or the lowest.
   */
  burstBytes: number;
  /** Likewise the most to decode before it, pixels: sum over all pictures. Without it, there is no such bound. */
  burstPixels?: number | undefined;
};

/** Where the Pump is: `Playhead` of the contract says what the fields mean. */
export type PumpPlayhead = {
  rtpTimestamp: number;
  position: number;
  rate: number;
  rendition: number;
  ended: boolean;
};

export type SessionPumpStats = { packets: number; bytes: number; lateMs: number };

/** The Pump of one Session: one Rendition at a time, and the sound, on a clock that never jumps. */
export type SessionPump = {
  /** One UDP socket for picture and sound, RTP and RTCP. */
  readonly localAddress: '127.0.0.1';
  readonly localPort: number;
  /** Seconds from the first picture to the end of the last. */
  readonly duration: number;
  readonly framesPerSecond: number;
  /** Where it sends to from now on; nothing is sent before the first order. */
  connect(target: PumpTarget): Promise<void>;
  /** The newest wins: one that was overtaken is answered with the newest's playhead. @throws {Error} when closed */
  steer(order: SessionOrder): Promise<PumpPlayhead>;
  /** Sends nothing more. @returns the last picture that was sent, or is on its way. @throws {Error} when closed */
  pause(): Promise<PumpPlayhead>;
  /**
   * The Rendition to send from its next key frame on, without a break. Who cannot wait for that says that a picture was
   * lost (RFC 4585 section 6.3.1): the lowest one comes at once then.
   */
  switchTo(rendition: number): void;
  stats(): Promise<SessionPumpStats>;
  /** Another Rendition flows. */
  onRendition(listener: (rendition: number) => void): () => void;
  /**
   * The playhead is another one though nobody steered: a lost picture was made good, and what comes before the
   * playhead's picture is not to be shown; or the machine had stood still, and the film goes on from where it was.
   */
  onMoved(listener: (playhead: PumpPlayhead) => void): () => void;
  /** The last picture has been sent. */
  onEnded(listener: (playhead: PumpPlayhead) => void): () => void;
  /** It cannot go on: a file is gone. It is closed then. */
  onFailed(listener: (error: Error) => void): () => void;
  /** Its thread died, with nothing said of the files: another Pump may go on. It is closed then. */
  onDied(listener: (error: Error) => void): () => void;
  /** Idempotent. */
  close(): void;
};

/** @throws {Error} when a file cannot be read. */
export async function createSessionPump(
  thread: PumpThread,
  options: SessionPumpOptions,
  log: Logger,
): Promise<SessionPump> {
  const pumpId = nextPumpId();
  const renditions = createListeners<number>(log);
  const moves = createListeners<PumpPlayhead>(log);
  const ends = createListeners<PumpPlayhead>(log);
  const failures = createListeners<Error>(log);
  const deaths = createListeners<Error>(log);
  let closed = false;
  thread.pumps += 1;

  const end = (): boolean => {
    if (closed) return false;
    closed = true;
    thread.pumps -= 1;
    stopListening();
    stopMourning();
    return true;
  };
  const hear = (message: FromThread): void => {
    if (message.type === 'failed' && end()) failures.emit(new Error(message.message));
    if (message.type === 'sessionFlows') renditions.emit(message.rendition);
    if (message.type === 'sessionMoved') moves.emit(message.playhead);
    if (message.type === 'sessionEnded') ends.emit(message.playhead);
  };
  const stopMourning = thread.onDied((error) => {
    if (end()) deaths.emit(error);
  });
  const stopListening = thread.onMessage(pumpId, hear);

  const call = async (message: (callId: number) => ToSession): Promise<NonNullable<Answer>> => {
    const answer = closed ? undefined : await thread.call(message);
    if (!answer || closed) throw new Error("The Session's Pump is closed.");
    return answer;
  };
  const callForPlayhead = async (message: (callId: number) => ToSession) => {
    const answer = await call(message);
    if (!('rtpTimestamp' in answer)) throw new Error('The Pump thread gave no playhead.');
    return answer;
  };

  let opened: OpenedSession;
  try {
    opened = await openOn(thread, { type: 'openSession', pumpId, options }, (message) =>
      message.type === 'sessionOpened' ? message.opened : undefined,
    );
  } catch (error) {
    end();
    throw error;
  }
  return {
    localAddress: '127.0.0.1',
    localPort: opened.port,
    duration: opened.duration,
    framesPerSecond: opened.framesPerSecond,
    async connect(target) {
      await call((callId) => ({ type: 'connectSession', pumpId, callId, target }));
    },
    steer: (order) =>
      callForPlayhead((callId) => ({ type: 'steerSession', pumpId, callId, order })),
    pause: () => callForPlayhead((callId) => ({ type: 'pauseSession', pumpId, callId })),
    switchTo(rendition) {
      if (!closed) thread.post({ type: 'switchSession', pumpId, rendition });
    },
    async stats() {
      const answer = await call((callId) => ({ type: 'sessionStats', pumpId, callId }));
      if (!('lateMs' in answer)) throw new Error('The Pump thread gave no figures.');
      return answer;
    },
    onRendition: renditions.on,
    onMoved: moves.on,
    onEnded: ends.on,
    onFailed: failures.on,
    onDied: deaths.on,
    close() {
      if (end()) thread.post({ type: 'closeSession', pumpId });
    },
  };
}
