import { TypedEvents } from '../../../signaling/client/index.ts';
import type { PreferredLayer } from '../../../signaling/contract/index.ts';
import { startAsAllowed } from '../autoplay.ts';
import type { ChannelAddress } from './channel-address.ts';
import { CONDITIONS, type Condition, conditionOf } from './condition.ts';
import { DeviceReporter } from '../device/device-reporter.ts';
import { FrameWatch } from '../receiving/frame-watch.ts';
import { FreezeFrame } from '../receiving/freeze-frame.ts';
import type { LayerState } from './layer-state.ts';
import {
  captureClockAheadMs,
  captureTimeMs,
  latencyMs,
  reportedLatencyMs,
} from '../receiving/latency.ts';
import { type Latency, type PlayerStats, summarize } from '../figures/player-stats.ts';
import type { Playback, PlaybackEvents } from '../playback.ts';
import { PlayoutControl } from '../receiving/playout-control.ts';
import { QualityReporter } from '../figures/quality-reporter.ts';
import { hasGivenUp } from './recovery.ts';
import { packetsAreDue } from './rest.ts';
import { type Hearing, StreamSampler } from '../figures/stream-sampler.ts';
import type { StreamFigures } from '../figures/statistics.ts';
import { ViewingSession } from './viewing-session.ts';

/** Whoever may not watch sees nothing of what there was. */
const NOT_TO_BE_SEEN: ReadonlySet<Condition> = new Set(['denied', 'forbidden', 'notFound']);

/** One Channel in one `<video>`: what arrives is shown, and what is shown is measured. */
export class LivePlayback implements Playback {
  readonly timeline = null;
  readonly changingSource = false;
  readonly session: ViewingSession;
  readonly #video: HTMLVideoElement;
  readonly #events = new TypedEvents<PlaybackEvents>();
  readonly #freezeFrame: FreezeFrame;
  readonly #frames: FrameWatch;
  readonly #sampler: StreamSampler;
  readonly #device: DeviceReporter;
  readonly #quality: QualityReporter;
  readonly #playout: PlayoutControl;
  #condition: Condition = 'ready';
  #paused = true;
  #autoplayBlocked = false;
  #tracks: MediaStreamTrack[] = [];
  /** Has the `<video>` been given the picture's track, too? */
  #withPicture = false;
  #presented = false;
  #presentedBefore = false;
  #silent = false;
  #playedAtMs: number | null = null;
  #timeToFirstFrameMs: number | null = null;

  constructor(video: HTMLVideoElement, address: ChannelAddress) {
    this.#video = video;
    this.session = new ViewingSession(address);
    this.#freezeFrame = new FreezeFrame(video);
    this.#frames = new FrameWatch(video, {
      firstFrame: (atMs) => this.#firstFrame(atMs),
      linkOverrun: (lateMs) => this.session.reportCongestion(lateMs),
    });
    this.#sampler = new StreamSampler(
      { statistics: () => this.session.statistics(), due: () => this.#packetsAreDue() },
      { hearing: (hearing) => this.#heard(hearing), figures: (figures) => this.#count(figures) },
    );
    this.#device = new DeviceReporter(video, this.session);
    this.#playout = new PlayoutControl(this.session);
    this.#quality = new QualityReporter(this.session, () => this.#measured());
    video.addEventListener('playing', this.#onPlaying);
    this.#listen();
  }

  /** Why there is a picture, or why there is none. */
  get condition(): Condition {
    return this.#condition;
  }

  on<E extends keyof PlaybackEvents>(
    event: E,
    listener: (data: PlaybackEvents[E]) => void,
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

  prefer(layer: PreferredLayer): void {
    this.session.prefer(layer);
  }

  askAgain(): void {
    this.session.askAgain();
  }

  stats(): PlayerStats {
    const { figures } = this.#sampler;
    return summarize(this.session, figures, {
      condition: this.#condition,
      framesPresented: this.#frames.presented,
      ...this.#measured(),
    });
  }

  close(): void {
    this.#events.clear();
    this.#sampler.stop();
    this.#frames.stop();
    this.#quality.close();
    this.#device.close();
    this.session.close();
    this.#video.removeEventListener('playing', this.#onPlaying);
    this.#video.srcObject = null;
    this.#freezeFrame.remove();
  }

  #listen(): void {
    this.session.on('changed', () => this.#update());
    this.session.on('denied', (denial) => this.#events.emit('denied', denial));
    this.session.on('tracks', (tracks) => this.#show(tracks));
    this.session.on('channelChanged', (channel) => this.#events.emit('channelChanged', channel));
    this.session.on('layerChanged', (layer) => this.#layerChanged(layer));
    this.session.on('mediaEnding', () => {
      this.#freezeFrame.hold();
      this.#presented = false;
    });
  }

  #show(tracks: MediaStreamTrack[]): void {
    this.#presented = false;
    this.#withPicture = false;
    this.#tracks = tracks;
    if (tracks.length > 0) this.#attach();
  }

  /** A `<video>` plays no sound before it has a picture: where none is sent, it gets the sound only. */
  #attach(): void {
    const tracks = this.#playable();
    this.#withPicture = tracks.some(({ kind }) => kind === 'video');
    this.#video.srcObject = new MediaStream(tracks);
    this.#frames.start();
    if (!this.#paused) void this.#start();
  }

  #playable(): MediaStreamTrack[] {
    const waits = this.session.rest !== null && !(this.#withPicture && this.#presented);
    const sound = this.#tracks.filter(({ kind }) => kind === 'audio');
    return waits && sound.length > 0 ? sound : this.#tracks;
  }

  #layerChanged(layer: LayerState): void {
    const pictureIsDue = this.#playable().some(({ kind }) => kind === 'video');
    if (pictureIsDue !== this.#withPicture && this.#tracks.length > 0) this.#attach();
    this.#events.emit('layerChanged', layer);
    this.#update();
  }

  /** Plays the source that is there, as far as the autoplay policy goes. */
  async #start(): Promise<void> {
    const source = this.#video.srcObject;
    await startAsAllowed(this.#video, {
      isWanted: () => this.#video.srcObject === source && !this.#paused,
      started: (muted) => this.#events.emit('started', { muted }),
      blocked: () => this.#block(),
    });
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

  /** From the source where it says when it captured; else from the server, which is less than all of it. */
  #latency(): Latency {
    const fromSource = this.#latencyFromSource();
    if (fromSource !== null) return { latencyMs: fromSource, latencyFrom: 'source' };
    const { offsetMs } = this.session.clock;
    const { lookedAtMs, figures } = this.#sampler;
    const { roundTripMs, audioPlayoutMs } = figures;
    const waitedMs = this.#frames.sinceReceivedMs;
    const fromServer =
      waitedMs !== null && roundTripMs !== null
        ? waitedMs + roundTripMs / 2
        : latencyMs(audioPlayoutMs === null ? null : lookedAtMs - audioPlayoutMs, offsetMs);
    return { latencyMs: fromServer, latencyFrom: fromServer === null ? null : 'server' };
  }

  #latencyFromSource(): number | null {
    const publisher = this.session.channel?.publisher;
    const aheadMs = captureClockAheadMs(this.session.clock.offsetMs, publisher);
    const { shown } = this.#frames;
    const references = publisher?.captureReferences;
    if (references === undefined || shown?.rtpTimestamp === undefined)
      return latencyMs(this.#pictureAgeMs(), aheadMs);
    const { atMs, rtpTimestamp } = shown;
    return reportedLatencyMs(references, { atMs, rtpTimestamp }, aheadMs);
  }

  /** By the capture time that came with the picture (abs-capture-time): its sender's clock, and ours. */
  #pictureAgeMs(): number | null {
    const reference = this.session.captureReference();
    const { shown } = this.#frames;
    if (reference === null || shown?.rtpTimestamp === undefined) return null;
    return shown.atMs - captureTimeMs(reference, shown.rtpTimestamp);
  }

  #measured() {
    return { timeToFirstFrameMs: this.#timeToFirstFrameMs, ...this.#latency() };
  }

  #count(figures: StreamFigures): void {
    this.#device.count(figures);
    this.#quality.count(figures);
    this.#playout.count(figures, {
      delayMs: this.#frames.sinceReceivedMs,
      pictureAgeMs: this.#pictureAgeMs(),
    });
  }

  readonly #onPlaying = () => {
    // Sound only: that it plays is all there is to present.
    if (!this.#receives('video') || this.session.rest !== null) this.#present();
  };

  /** What was shown last is not left to be read. */
  #wipe(): void {
    this.#tracks = [];
    this.#presented = this.#presentedBefore = this.#withPicture = false;
    this.#frames.stop();
    this.#video.srcObject = null;
    this.#freezeFrame.release();
  }

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

  #receives(kind: 'video' | 'audio'): boolean {
    return this.#tracks.some((track) => track.kind === kind);
  }

  #packetsAreDue(): boolean {
    const { recovery, channel, rest } = this.session;
    const sent = channel?.live === true && channel.reconnecting !== true;
    if (recovery.link !== 'connected' || !sent || this.#paused) return false;
    const { muted, volume } = this.#video;
    return packetsAreDue({
      hasVideo: this.#receives('video'),
      hasAudio: this.#receives('audio'),
      audible: !muted && volume > 0,
      rest,
    });
  }

  #update(): void {
    const { recovery, signaling, channel } = this.session;
    const condition = conditionOf({
      paused: this.#paused,
      autoplayBlocked: this.#autoplayBlocked,
      signaling: signaling.state,
      signalingFailures: signaling.failures,
      recovery,
      denied: this.session.denial !== null,
      channel,
      receivesVideo: this.#receives('video'),
      rest: this.session.rest,
      presented: this.#presented,
      presentedBefore: this.#presentedBefore,
      silent: this.#silent,
    });
    if (condition === this.#condition) return;
    this.#condition = condition;
    if (NOT_TO_BE_SEEN.has(condition)) this.#wipe();
    this.#events.emit('conditionChanged', condition);
    if (hasGivenUp(recovery)) this.#events.emit('failed', CONDITIONS[condition]);
  }
}
