import { randomUUID } from 'node:crypto';
import {
  type AccessRules,
  type ChannelInfo,
  type Layer,
  OPEN_RULES,
  type PUBLISHER_KINDS,
} from '../../signaling/contract/index.ts';
import type { Broadcast } from '../sfu/broadcast.ts';
import { Audience, type Attendance } from './audience.ts';
import { type CaptureTiming, isNews } from './capture-timing.ts';

export type PublisherKind = (typeof PUBLISHER_KINDS)[number];

/** What a Publisher brings when it goes on air. */
export interface OnAir extends CaptureTiming {
  kind: PublisherKind;
  broadcast: Broadcast;
  layers: readonly Layer[];
}

/** What an operator can change of a Channel while it exists. */
export interface ChannelSettings {
  title: string;
  /** How long Viewers wait for a Publisher that was lost, before the Channel is off air. Seconds. */
  graceSeconds: number;
}

/** What decides about who may watch it. */
export interface ChannelAccess {
  rules: AccessRules;
  /** Counted up with every new password. */
  passwordVersion: number;
}

const OPEN: ChannelAccess = { rules: OPEN_RULES, passwordVersion: 0 };

/** Longer than the half minute that a network is gone when a broadcaster changes it. */
export const DEFAULT_GRACE_SECONDS = 60;

/** What there is, or was until the source was lost. */
interface Tracks {
  video: boolean;
  audio: boolean;
}

type Listener = () => void;

/** A named live place: at most one broadcast on air, any number of Viewers, on air or not. */
export class Channel {
  readonly id: string;
  #settings: ChannelSettings;
  #onAir: (OnAir & { id: string; since: Date; reconnecting: boolean; has: Tracks }) | undefined;
  /** Those of the command line are for everybody. */
  access: ChannelAccess = OPEN;
  readonly #audience = new Audience();
  readonly #listeners = new Set<Listener>();
  readonly #closing = new AbortController();

  constructor(id: string, title: string, graceSeconds = DEFAULT_GRACE_SECONDS) {
    this.id = id;
    this.#settings = { title, graceSeconds };
  }

  /** Aborts when it is gone for good. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  get title(): string {
    return this.#settings.title;
  }

  get graceSeconds(): number {
    return this.#settings.graceSeconds;
  }

  /** Viewers are told of another title at once. */
  configure(settings: ChannelSettings): void {
    this.#settings = { ...settings };
    this.#changed();
  }

  get broadcast(): Broadcast | undefined {
    const broadcast = this.#onAir?.broadcast;
    return broadcast?.closed === true ? undefined : broadcast;
  }

  get viewers(): number {
    return this.#audience.size;
  }

  /** Who watches, and which Layers they get and want. */
  get audience(): Audience {
    return this.#audience;
  }

  /** What Viewers and the pages are told. */
  info(): ChannelInfo {
    const onAir = this.#onAir;
    const { id, title } = this;
    const common = { id, title, viewers: this.viewers, live: onAir !== undefined };
    if (onAir === undefined) return { ...common, hasVideo: false, hasAudio: false, layers: [] };
    return {
      ...common,
      publisher: publisherInfo(onAir),
      broadcastId: onAir.id,
      ...(onAir.reconnecting ? { reconnecting: true } : {}),
      hasVideo: onAir.has.video,
      hasAudio: onAir.has.audio,
      layers: [...onAir.layers],
    };
  }

  /**
   * The newest broadcast wins: one that is still on air is ended. The one that is on air already gets
   * another id: its tracks have changed, and Viewers ask for Consumers again.
   */
  goOnAir(onAir: OnAir): void {
    const before = this.#onAir;
    const same = before?.broadcast === onAir.broadcast;
    if (!same) before?.broadcast.close();
    // A broadcaster that came back has been on air since it began.
    const since =
      before?.kind === onAir.kind && (same || before.reconnecting) ? before.since : new Date();
    const has = { video: onAir.broadcast.has('video'), audio: onAir.broadcast.has('audio') };
    this.#onAir = { ...onAir, id: randomUUID(), since, reconnecting: false, has };
    this.#changed();
  }

  /** The source was cut off, or lost, and may come back: Viewers keep what they have and wait. */
  setReconnecting(broadcast: Broadcast, reconnecting: boolean): void {
    if (this.#onAir?.broadcast !== broadcast) return;
    this.#onAir.reconnecting = reconnecting;
    this.#changed();
  }

  /** What is known of the Layers only after they were looked at. */
  setLayers(broadcast: Broadcast, layers: readonly Layer[]): void {
    if (this.#onAir?.broadcast !== broadcast) return;
    this.#onAir.layers = layers;
    this.#changed();
  }

  /** What is known of the Publisher's clock after it was listened to. */
  setTiming(broadcast: Broadcast, { clockOffsetMs, captureReferences }: CaptureTiming): void {
    if (this.#onAir?.broadcast !== broadcast) return;
    const timing = { clockOffsetMs, captureReferences };
    if (!isNews(this.#onAir, timing)) return;
    Object.assign(this.#onAir, timing);
    this.#changed();
  }

  /** Ends this broadcast, if it is still the one on air. */
  goOffAir(broadcast: Broadcast): void {
    if (this.#onAir?.broadcast !== broadcast) return;
    this.#onAir = undefined;
    broadcast.close();
    this.#changed();
  }

  /** Counts a Viewer in, until it leaves. */
  enter(): Attendance {
    return this.#audience.enter(() => this.#changed());
  }

  /** Called after every change of `info()`. The returned function stops it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closing.abort();
    if (this.#onAir !== undefined) this.goOffAir(this.#onAir.broadcast);
    this.#listeners.clear();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function publisherInfo({ kind, since, clockOffsetMs, captureReferences }: OnAir & { since: Date }) {
  return {
    kind,
    since: since.toISOString(),
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
    ...(captureReferences === undefined ? {} : { captureReferences: [...captureReferences] }),
  };
}
