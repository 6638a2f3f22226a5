import {
  localTimeMs,
  ServerClock,
  SignalingClient,
  TypedEvents,
} from '../../../signaling/client/index.ts';
import {
  type NotificationData,
  type Party,
  type PartyOrder,
  type PartyTimeline,
  positionAt,
  SfumatoError,
} from '../../../signaling/contract/index.ts';
import { denialOf } from '../access/denial.ts';
import type { Pass } from '../access/pass.ts';
import { BEFORE_THE_CHASE, chase } from './party-chase.ts';
import { PictureLag } from '../receiving/picture-lag.ts';
import type { Steersman, Wish } from './steersman.ts';

/** What a party needs of a player; `<sfumato-video>` has it. */
export interface PartyMedia {
  readonly nativeEl: HTMLVideoElement;
  readonly via: 'webrtc' | 'hls' | 'nativeHls' | null;
  readonly currentTime: number;
  readonly duration: number;
  readonly seeking: boolean;
  /** Whom it asks instead of obeying people itself. */
  steersman: Steersman | null;
  /** Does it without asking. */
  follow(wish: Wish): void;
}

/** `joining` before the server has answered, and while it does not; `over` for good. */
export type PartyStatus = 'joining' | 'there' | 'over';

export type PartyEvents = {
  changed: undefined;
  /** Somebody wanted to steer who may not. */
  refused: undefined;
};

export type PartyFollowerOptions = {
  media: PartyMedia;
  signalUrl: string;
  partyId: string;
  /** Of whoever opened the party. */
  hostKey: string | null;
  /** The right to watch what is watched there. */
  pass?: Pass | undefined;
};

const TICK_MS = 200;
const RETRY_MS = 2_000;
/** What is shown is at most so far ahead of what the party says. Seconds. */
const END_SECONDS = 0.5;
/** Where two decimals differ, the picture before may be meant. Seconds. */
const INTO_THE_PICTURE = 0.001;

/** Refusals that do not pass. */
const FINAL: ReadonlySet<string> = new Set(['notFound', 'forbidden', 'badRequest', 'overloaded']);

/** One player's part in a party: goes where that goes, and asks it for what its own person wants. */
export class PartyFollower implements Steersman {
  readonly #options: PartyFollowerOptions;
  readonly #events = new TypedEvents<PartyEvents>();
  readonly #signaling: SignalingClient;
  readonly #clock: ServerClock;
  readonly #lag: PictureLag;
  readonly #interval: ReturnType<typeof setInterval>;
  readonly #unlistenPass: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Before the clock has been looked at well enough. */
  #firstOffsetMs = 0;
  #status: PartyStatus = 'joining';
  #party: Party | null = null;
  #maySteer = false;
  #isHost = false;
  #chase = BEFORE_THE_CHASE;
  #farewell = '';

  constructor(options: PartyFollowerOptions) {
    this.#options = options;
    this.#signaling = new SignalingClient({ url: options.signalUrl });
    this.#clock = new ServerClock(this.#signaling);
    this.#lag = new PictureLag(options.media.nativeEl);
    options.media.steersman = this;
    this.#unlistenPass = options.pass?.on('changed', () => this.#joinIfWaiting());
    this.#listen();
    this.#signaling.open();
    this.#interval = setInterval(() => this.#tick(), TICK_MS);
  }

  get status(): PartyStatus {
    return this.#status;
  }
  /** As the server said it last. */
  get party(): Party | null {
    return this.#party;
  }
  get maySteer(): boolean {
    return this.#maySteer;
  }
  get isHost(): boolean {
    return this.#isHost;
  }
  /** Why it is over, for people. */
  get farewell(): string {
    return this.#farewell;
  }
  /** How far what is shown here is ahead of the party, milliseconds; null while nobody knows. */
  get offMs(): number | null {
    const target = this.#target();
    return target === null ? null : (this.#shown - target) * 1000;
  }

  on<E extends keyof PartyEvents>(event: E, listener: (data: PartyEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  wants(wish: Wish): void {
    const { timeline } = this.#party ?? {};
    if (timeline === undefined) return;
    if (wish.paused === false && !timeline.paused) {
      // It plays already, and here it does not: the browser wanted a gesture, or somebody pulled a plug.
      if (!this.#isAtItsEnd(timeline)) return this.#obey(timeline);
      // Here it is over a moment before the party says so: whoever plays now wants to see it again.
      wish = { ...wish, at: 0 };
    }
    if (!this.#maySteer) return this.#events.emit('refused', undefined);
    const seen = wish.paused === true && wish.at === undefined;
    void this.#steer(seen ? { ...wish, at: this.#options.media.currentTime } : wish);
  }

  #isAtItsEnd({ loop }: PartyTimeline): boolean {
    const target = this.#target();
    return !loop && target !== null && target > this.#options.media.duration - END_SECONDS;
  }

  /** From the end on at the beginning; for who may steer. */
  setLoop(loop: boolean): void {
    if (this.#maySteer) void this.#steer({ loop });
    else this.#events.emit('refused', undefined);
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#retry);
    this.#unlistenPass?.();
    this.#clock.stop();
    this.#lag.close();
    this.#signaling.close();
    this.#events.clear();
    this.#letGo();
  }

  #listen(): void {
    const signaling = this.#signaling;
    signaling.on('stateChanged', ({ state }) => {
      if (state === 'open') void this.#join();
      else if (this.#status === 'there') this.#become('joining');
    });
    signaling.on('partyMoved', ({ timeline }) => this.#moved(timeline));
    signaling.on('partyChanged', (change) => this.#changed(change));
    signaling.on('partyEnded', ({ message }) => this.#end(message));
  }

  async #join(): Promise<void> {
    const { partyId, hostKey, pass } = this.#options;
    try {
      const sentMs = localTimeMs();
      const [{ serverTimeMs }, joined] = await Promise.all([
        this.#signaling.request('readClock', {}),
        this.#signaling.request('joinParty', {
          partyId,
          hostKey: hostKey ?? undefined,
          token: pass?.token,
        }),
      ]);
      this.#firstOffsetMs = serverTimeMs - (sentMs + localTimeMs()) / 2;
      this.#clock.start();
      this.#maySteer = joined.maySteer;
      this.#isHost = joined.isHost;
      this.#party = joined.party;
      this.#become('there');
      this.#obey(joined.party.timeline);
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    if (this.#signaling.state === 'closed') return;
    // The player asks for what is missing, and then there is another token.
    const { refusal = 'gone' } = denialOf(error) ?? {};
    if (refusal !== 'gone') return;
    if (error instanceof SfumatoError && FINAL.has(error.code)) return this.#end(error.message);
    console.debug('sfumato: party', error);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#joinIfWaiting(), RETRY_MS);
  }

  #joinIfWaiting(): void {
    if (this.#signaling.state === 'open' && this.#status === 'joining') void this.#join();
  }

  async #steer(order: PartyOrder): Promise<void> {
    try {
      await this.#signaling.request('steerParty', order);
    } catch (error) {
      console.debug('sfumato: party', error);
      this.#events.emit('refused', undefined);
    }
  }

  #moved(timeline: PartyTimeline): void {
    if (this.#party === null) return;
    this.#party = { ...this.#party, timeline };
    this.#obey(timeline);
    this.#events.emit('changed', undefined);
  }

  #changed({ maySteer, ...change }: NotificationData<'partyChanged'>): void {
    if (this.#party === null) return;
    this.#party = { ...this.#party, ...change };
    this.#maySteer = maySteer;
    this.#events.emit('changed', undefined);
  }

  /** A Session is brought there by the server; what keeps its own time is brought there now, and by `#tick` then. */
  #obey({ paused, rate }: PartyTimeline): void {
    const { media } = this.#options;
    const at = media.via === 'webrtc' ? null : this.#target();
    media.follow({ paused, rate, ...(at !== null && { at: paused ? at + INTO_THE_PICTURE : at }) });
  }

  #tick(): void {
    const { media } = this.#options;
    const { timeline } = this.#party ?? {};
    const target = this.#target();
    if (this.#status === 'over' || timeline === undefined || target === null) return;
    if (media.via !== 'hls' && media.via !== 'nativeHls') return;
    const { nativeEl: video } = media;
    const { paused, rate } = timeline;
    const step = chase(this.#chase, {
      ...{ paused, rate, currentTime: this.#shown },
      target: paused ? target + INTO_THE_PICTURE : target,
      busy: isBusy(video, paused) || media.seeking,
    });
    this.#chase = step.state;
    if (step.seekTo !== null) media.follow({ at: Math.min(step.seekTo, media.duration) });
    // The person's own speed stays what the menu shows.
    if (Math.abs(video.playbackRate - step.rate) > 1e-4) video.playbackRate = step.rate;
  }

  /** What is seen, seconds. */
  get #shown(): number {
    return this.#options.media.currentTime - this.#lag.seconds;
  }

  /** Where the party is now, seconds. */
  #target(): number | null {
    const { duration } = this.#options.media;
    if (this.#party === null || !Number.isFinite(duration)) return null;
    const serverMs = localTimeMs() + (this.#clock.offsetMs ?? this.#firstOffsetMs);
    return positionAt(this.#party.timeline, serverMs, duration);
  }

  #become(status: PartyStatus): void {
    if (this.#status === status || this.#status === 'over') return;
    this.#status = status;
    this.#events.emit('changed', undefined);
  }

  #end(farewell: string): void {
    this.#farewell = farewell;
    this.#letGo();
    this.#become('over');
    this.#signaling.close();
  }

  #letGo(): void {
    const { media } = this.#options;
    if (media.steersman === this) media.steersman = null;
  }
}

/** What it says of its time tells nothing. */
function isBusy(video: HTMLVideoElement, paused: boolean): boolean {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return true;
  return !paused && (video.paused || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA);
}
