import type { Logger } from 'pino';
import type {
  LayerReason,
  Playhead,
  QualityReport,
  SessionEnd,
} from '../../signaling/contract/index.ts';
import type { SessionPump, SessionPumpOptions } from '../rtp/session-pump.ts';
import type { LayerChange } from '../sfu/layer-choice.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Parties } from './parties.ts';
import type { Session } from './session.ts';
import type { OnBehalfOf, StoredAssets } from './stored-assets.ts';

/** What a Viewer is told of a Session unasked. */
export interface SessionEvents {
  playheadMoved(playhead: Playhead): void;
  layerChanged(change: LayerChange): void;
  linkEstimate(availableBitrate: number): void;
  ended(reason: SessionEnd, message: string): void;
  transportLost(message: string): void;
}

export interface SessionMetrics {
  opened(): void;
  /** Somebody went elsewhere: how long it took until the first of it was sent, seconds. */
  sought(seconds: number): void;
  layerChanged(reason: LayerReason): void;
  qualityReported(quality: QualityReport): void;
  /** A Viewer went: how it had been. */
  viewerEnded(quality: QualityReport): void;
  /** `left`: its Viewer went; `lost`: its connection did. */
  ended(reason: SessionEnd | 'left' | 'lost'): void;
}

/** Where Pumps come from. */
export interface SessionPumps {
  openSession(options: SessionPumpOptions): Promise<SessionPump>;
}

export interface SessionParts {
  assets: StoredAssets;
  pumps: SessionPumps;
  sfu: Sfu;
  parties: Pick<Parties, 'admit'>;
  metrics: SessionMetrics;
  /** How long it is kept while nothing is sent, milliseconds. */
  graceMs: number;
  log: Logger;
}

export interface SessionOptions extends SessionParts {
  as: OnBehalfOf;
  remoteAddress: string | undefined;
  events: SessionEvents;
  /** Called once, however it ends. */
  onClosed: (session: Session) => void;
}
