/** The words between the pool and its threads. Structured clone keeps them as they are. */
import type {
  PumpPlayhead,
  SessionOrder,
  SessionPumpOptions,
  SessionPumpStats,
} from './session-pump.ts';

export type PumpOptions = {
  /** Prepared files, the lowest Layer first. */
  video: readonly { file: string }[];
  audio?: { file: string } | undefined;
  videoPayloadType: number;
  audioPayloadType: number;
  /** One a video file, in the same order. */
  ssrcs: { video: readonly number[]; audio?: number | undefined };
  cname: string;
  /** Id of the abs-capture-time header extension; none is written without it. */
  absCaptureTimeId?: number | undefined;
  /** Begin where a broadcast would be that repeats in step with the wall clock. */
  alignToWallClock?: boolean | undefined;
  /** Begin that far into the first round, seconds. */
  beginAt?: number | undefined;
  /** One round and no more; else it goes round and round. */
  once?: boolean | undefined;
};

export type PumpTarget = { ip: string; port: number };

export type PumpStats = {
  packets: number;
  /** RTP payload bytes. */
  bytes: number;
  /** The most that a frame was late since the last call, milliseconds. */
  lateMs: number;
  /** How often the machine stood still for long and frames were left out. */
  skips: number;
  /** Datagrams that the kernel refused: nobody listened there. */
  sendErrors: number;
  /** Seconds of broadcast. */
  position: number;
  /** Seconds of one round. */
  period: number;
};

export type ThreadStats = {
  pumps: number;
  /** Seconds of CPU time that the thread has used. */
  cpuSeconds: number;
  /** Bytes of payloads kept. */
  cachedBytes: number;
};

export type ToThread =
  | { type: 'open'; pumpId: number; options: PumpOptions }
  | { type: 'start'; pumpId: number; callId: number; target: PumpTarget }
  | { type: 'stop'; pumpId: number }
  | { type: 'finishRound'; pumpId: number }
  | { type: 'close'; pumpId: number }
  | { type: 'pumpStats'; pumpId: number; callId: number }
  | { type: 'threadStats'; callId: number }
  | ToSession;

/** To the Pump of one Session. */
export type ToSession =
  | { type: 'openSession'; pumpId: number; options: SessionPumpOptions }
  | { type: 'connectSession'; pumpId: number; callId: number; target: PumpTarget }
  | { type: 'steerSession'; pumpId: number; callId: number; order: SessionOrder }
  | { type: 'pauseSession'; pumpId: number; callId: number }
  | { type: 'switchSession'; pumpId: number; rendition: number }
  | { type: 'sessionStats'; pumpId: number; callId: number }
  | { type: 'closeSession'; pumpId: number };

export type FromThread =
  | { type: 'opened'; pumpId: number; port: number; period: number }
  | { type: 'openFailed'; pumpId: number; message: string }
  | { type: 'failed'; pumpId: number; message: string }
  | { type: 'ended'; pumpId: number }
  | { type: 'sessionOpened'; pumpId: number; opened: OpenedSession }
  | { type: 'sessionFlows'; pumpId: number; rendition: number }
  | { type: 'sessionMoved'; pumpId: number; playhead: PumpPlayhead }
  | { type: 'sessionEnded'; pumpId: number; playhead: PumpPlayhead }
  | { type: 'answer'; callId: number; answer: Answer };

export type OpenedSession = { port: number; duration: number; framesPerSecond: number };

/** Undefined where there is no such Pump any more. */
export type Answer = PumpStats | ThreadStats | SessionPumpStats | PumpPlayhead | undefined;

export type ThreadData = { cacheBytes: number };
