import { TypedEvents } from '../../signaling/client/index.ts';
import type { ChannelInfo } from '../../signaling/contract/index.ts';
import { startPlaying } from './autoplay.ts';
import type { ChannelAddress } from './channel-address.ts';
import { CONDITIONS, type Condition, conditionOf } from './condition.ts';
import { FrameWatch } from './frame-watch.ts';
import { FreezeFrame } from './freeze-frame.ts';
import { captureTimeMs, latencyMs } from './latency.ts';
import { type PlayerStats, summarize } from './player-stats.ts';
import { hasGivenUp } from './recovery.ts';
import { type Hearing, StreamSampler } from './stream-sampler.ts';
import { type LayerState, ViewingSession } from './viewing-session.ts';

export type LivePlaybackEvents = {
  conditionChanged: Condition;
  channelChanged: ChannelInfo;
  layerChanged: LayerState;
  /** It plays; `muted` when only that was allowed. */
  started: { muted: boolean };
  /** The browser wants a gesture before anything plays. */
  blocked: undefined;
  /** Trying again cannot help; the reason in words. */
  failed: string;
};

/** One Channel in one `<video>`: what arrives is shown, and what is shown is measured. */
export class LivePlayback {
  readonly session: ViewingSession;
  readonly #video: HTMLVideoElement;
  readonly #events = new TypedEvents<LivePlaybackEvents>();
  readonly #freezeFrame: FreezeFrame;
  readonly #frames: FrameWatch;
  readonly #sampler: StreamSampler;
  #condition: Condition = 'ready';
  #paused = true;
  #autoplayBlocked = false;
  #receives = { video: false, audio: false };
  #presented = false;
  #presentedBefore = false;
  #silent = false;
  #playedAtMs: number | null = null;
  #timeToFirstFrameMs: number | null = null;

  constructor(video: HTMLVideoElement, address: ChannelAddress) {
    this.#video = video;
    this.session = new ViewingSession(address);
    this.#freezeFrame = new FreezeFrame(video);
    this.#frames = new FrameWatch(video, { firstFrame: (atMs) => this.#firstFrame(atMs) });
    this.#sampler = new StreamSampler(
      { statistics: () => this.session.statistics(), due: () => this.#packetsAreDue() },
      (hearing) => this.#heard(hearing),
    );
    video.addEventListener('playing', this.#onPlaying);
    this.#listen();
  }

  /** Why there is a picture, or why there is none. */
  get condition(): Condition {
    return this.#condition;
  }

  on<E extends keyof LivePlaybackEvents>(
    event: E,
    listener: (data: LivePlaybackEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  /** From the live edge on. To be called within the gesture, where there was one. */
  play(): void {
    this.#autoplayBlocked = false;
    if (this.#paused) {
      this.#paused = false;
      this.#playedAtMs = performance.now();
      this.#timeToFirstFrameMs = null;
    }
    const holdsMedia = this.session.recovery.link !== 'none' && this.#video.srcObject !== null;
    this.session.play();
    this.#sampler.start();
    if (holdsMedia) void this.#start();
    // Safari lets play only what was asked for within the gesture, and the tracks come later.
    else this.#video.load();
    this.#update();
  }

  pause(): void {
    this.#paused = true;
    this.#video.pause();
    this.session.pause();
    this.#sampler.stop();
    this.#update();
  }

  stats(): PlayerStats {
    const { figures } = this.#sampler;
    return summarize(this.session, figures, {
      condition: this.#condition,
      framesPresented: this.#frames.presented,
      timeToFirstFrameMs: this.#timeToFirstFrameMs,
      latencyMs: this.#latencyMs(),
    });
  }

  close(): void {
    this.#events.clear();
    this.#sampler.stop();
    this.#frames.stop();
    this.session.close();
    this.#video.removeEventListener('playing', this.#onPlaying);
    this.#video.srcObject = null;
    this.#freezeFrame.remove();
  }

  #listen(): void {
    this.session.on('changed', () => this.#update());
    this.session.on('tracks', (tracks) => this.#show(tracks));
    this.session.on('channelChanged', (channel) => this.#events.emit('channelChanged', channel));
    this.session.on('layerChanged', (layer) => this.#events.emit('layerChanged', layer));
    this.session.on('mediaEnding', () => {
      this.#freezeFrame.hold();
      this.#presented = false;
    });
  }

  #show(tracks: MediaStreamTrack[]): void {
    this.#presented = false;
    this.#receives = {
      video: tracks.some(({ kind }) => kind === 'video'),
      audio: tracks.some(({ kind }) => kind === 'audio'),
    };
    if (tracks.length === 0) return;
    this.#video.srcObject = new MediaStream(tracks);
    this.#frames.start();
    if (!this.#paused) void this.#start();
  }

  /** Plays the source that is there, as far as the autoplay policy goes. */
  async #start(): Promise<void> {
    const source = this.#video.srcObject;
    try {
      const outcome = await startPlaying(this.#video);
      if (this.#video.srcObject !== source || this.#paused) return;
      if (outcome === 'blocked') this.#block();
      else this.#events.emit('started', { muted: outcome === 'playingMuted' });
    } catch (error) {
      // AbortError: another source came, or a pause; each has its own way on.
      console.debug('sfumato: play', error);
    }
  }

  #block(): void {
    this.#autoplayBlocked = true;
    this.pause();
    this.#events.emit('blocked', undefined);
  }

  #firstFrame(atMs: number): void {
    if (this.#timeToFirstFrameMs === null && this.#playedAtMs !== null) {
      this.#timeToFirstFrameMs = atMs - this.#playedAtMs;
    }
    this.#present();
  }

  /** By the capture time that came with the pictures; else by what `getStats()` makes of Sender Reports. */
  #latencyMs(): number | null {
    const { offsetMs } = this.session.clock;
    const reference = this.session.captureReference();
    const frame = this.#frames.last;
    if (reference !== null && frame?.rtpTimestamp !== undefined) {
      const shownMs = performance.timeOrigin + frame.presentationTime;
      return latencyMs(shownMs, captureTimeMs(reference, frame.rtpTimestamp), offsetMs);
    }
    return latencyMs(this.#sampler.lookedAtMs, this.#sampler.figures.estimatedPlayoutMs, offsetMs);
  }

  readonly #onPlaying = () => {
    // Sound only: that it plays is all there is to present.
    if (!this.#receives.video) this.#present();
  };

  #present(): void {
    this.#freezeFrame.release();
    this.#presented = true;
    this.#presentedBefore = true;
    this.#update();
  }

  #heard(hearing: Hearing): void {
    this.#silent = hearing !== 'heard';
    if (hearing === 'lost') this.session.reportSilence();
    this.#update();
  }

  #packetsAreDue(): boolean {
    const { recovery, channel } = this.session;
    const sent = channel?.live === true && channel.reconnecting !== true;
    return recovery.link === 'connected' && sent && !this.#paused;
  }

  #update(): void {
    const { recovery, signaling, channel } = this.session;
    const condition = conditionOf({
      paused: this.#paused,
      autoplayBlocked: this.#autoplayBlocked,
      signaling: signaling.state,
      signalingFailures: signaling.failures,
      recovery,
      channel,
      receivesVideo: this.#receives.video,
      presented: this.#presented,
      presentedBefore: this.#presentedBefore,
      silent: this.#silent,
    });
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.#events.emit('conditionChanged', condition);
    if (hasGivenUp(recovery)) this.#events.emit('failed', CONDITIONS[condition]);
  }
}
