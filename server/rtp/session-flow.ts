import { lastAtOrBefore } from './rising-times.ts';
import { ForwardCursor } from './forward-cursor.ts';
import { AUDIO_SLACK_MS, MAX_LATE_MS, VIDEO_SLACK_MS } from './playout-schedule.ts';
import { type SessionPlan, trackOf } from './session-order.ts';
import {
  chunkOf,
  type Place,
  positionOf,
  type StoredTrack,
  TIME_TOLERANCE,
} from './stored-track.ts';

/** A frame that is due. */
export type FlowFrame = {
  place: Place;
  /** Index of the picture's file; undefined for sound. */
  rendition: number | undefined;
  /** Where it lies on the line of time that RTP timestamps say, seconds. */
  line: number;
  /** In the Asset, seconds. */
  position: number;
};

export type FlowOptions = {
  video: readonly StoredTrack[];
  /** None where none is to be heard. */
  audio: StoredTrack | undefined;
  /** What has been sent already: this goes on after it. */
  plan: SessionPlan;
  /** Where its wanted picture lies on the line. */
  line: number;
  /** Sound that was sent reaches to there on the line; before it there is room for none. */
  soundUntil: number;
  /** Seconds of media a second; more than 0. */
  rate: number;
  /** So much later than its place on the line says a picture is sent, seconds. */
  pictureDelay: number;
  /** The Rendition to send from its next key frame on. */
  target: number;
  /** Where the last picture ends, seconds. */
  duration: number;
};

/** Slack of either kind, seconds. See playout-schedule. */
const VIDEO_SLACK = VIDEO_SLACK_MS / 1000;
const AUDIO_SLACK = AUDIO_SLACK_MS / 1000;
const MAX_LATE = MAX_LATE_MS / 1000;

/** Times are sums of rounded numbers. */
const EPSILON = 1e-6;

/**
 * What goes out after the wanted picture, and when. Knows neither sockets nor timers: time comes in as a number, the
 * `line`, seconds since the Session began.
 */
export class SessionFlow {
  /** Without what was found for the order: that holds whole seconds of payloads. */
  readonly #options: Omit<FlowOptions, 'plan'>;
  readonly #wantedPosition: number;
  #pictures: ForwardCursor;
  readonly #sound: ForwardCursor | undefined;
  #rendition: number;
  #target: number;
  /** At this place on the line ... */
  #anchorLine: number;
  /** ... lies this position. */
  #anchorPosition: number;
  #soundUntil: number;
  #lateMs = 0;

  constructor(options: FlowOptions) {
    const { plan, ...lasting } = options;
    const { video, audio, line, soundUntil, target } = lasting;
    this.#options = lasting;
    this.#wantedPosition = plan.position;
    this.#rendition = plan.rendition;
    this.#pictures = afterWanted(video, plan);
    this.#sound =
      audio && new ForwardCursor(audio, { index: chunkOf(audio, plan.position), frame: 0 });
    this.#anchorLine = line;
    this.#anchorPosition = plan.position;
    this.#soundUntil = soundUntil;
    this.#target = target;
    this.switchTo(target);
  }

  get rate(): number {
    return this.#options.rate;
  }

  /** Everything has been handed over. */
  get ended(): boolean {
    return this.#pictures.ended && this.#soundIsOver();
  }

  /** Sound that was handed over reaches to there on the line, seconds. */
  get soundUntil(): number {
    return this.#soundUntil;
  }

  /** The next picture, as it would be sent; undefined while it is being read, and at the end. */
  get next(): FlowFrame | undefined {
    const { place, position } = this.#pictures;
    if (!place || position === undefined) return undefined;
    return { place, position, rendition: this.#rendition, line: this.#lineOf(position) };
  }

  switchTo(rendition: number): void {
    this.#target = Math.min(Math.max(0, rendition), this.#options.video.length - 1);
    const position = this.#pictures.position;
    if (position !== undefined && this.#target !== this.#rendition) this.#targetAt(position);
  }

  /** Goes on after a picture that has been sent another way. */
  goOnAfter(plan: SessionPlan): void {
    this.#pictures = afterWanted(this.#options.video, plan);
    this.#rendition = plan.rendition;
  }

  /**
   * Hands over every frame that is due, in order within picture and sound.
   * @returns whether the machine had stood still for so long that the timeline was moved
   */
  run(line: number, send: (frame: FlowFrame) => void): boolean {
    const moved = this.#catchUp(line);
    this.#sendPictures(line, send);
    this.#sendSound(line, send);
    return moved;
  }

  /** Where on the line the next frame must go; Infinity while everything waits for its chunk. */
  nextDueLine(): number {
    if (this.ended) return this.#anchorLine;
    const picture = this.#pictures.position;
    const sound = this.#soundIsOver() ? undefined : this.#sound?.position;
    return Math.min(
      picture === undefined ? Number.POSITIVE_INFINITY : this.#dueOf(picture) + VIDEO_SLACK,
      sound === undefined ? Number.POSITIVE_INFINITY : this.#lineOf(sound) + AUDIO_SLACK,
    );
  }

  /** The most that a picture was late since it was last asked, milliseconds. */
  takeLateMs(): number {
    const lateMs = this.#lateMs;
    this.#lateMs = 0;
    return lateMs;
  }

  #lineOf(position: number): number {
    return this.#anchorLine + (position - this.#anchorPosition) / this.#options.rate;
  }

  /** When a picture is to be sent, on the line. */
  #dueOf(position: number): number {
    return this.#lineOf(position) + this.#options.pictureDelay;
  }

  /** After a standstill the film goes on from where it is: nothing of it is lost, and nothing sent in a heap. */
  #catchUp(line: number): boolean {
    const position = this.#pictures.position;
    if (position === undefined || line - this.#dueOf(position) <= MAX_LATE) return false;
    this.#anchorLine = line - this.#options.pictureDelay;
    this.#anchorPosition = position;
    return true;
  }

  #sendPictures(line: number, send: (frame: FlowFrame) => void): void {
    for (;;) {
      this.#switchAtKeyFrame();
      const next = this.next;
      if (!next) return;
      const due = this.#dueOf(next.position);
      if (due > line + VIDEO_SLACK) return;
      this.#lateMs = Math.max(this.#lateMs, (line - due) * 1000 - VIDEO_SLACK_MS);
      send(next);
      this.#pictures.advance();
    }
  }

  /** Where the Rendition to send has a key frame that is the next picture, it goes on from that one. */
  #switchAtKeyFrame(): void {
    const position = this.#pictures.position;
    if (position === undefined || this.#target === this.#rendition) return;
    const place = this.#targetAt(position);
    if (!place || place.chunk.keyFrames[place.frame] !== 1) return;
    const track = trackOf(this.#options.video, this.#target);
    if (Math.abs(positionOf(track, place) - position) > TIME_TOLERANCE) return;
    this.#pictures = new ForwardCursor(track, place);
    this.#rendition = this.#target;
  }

  /** The target's picture of a position, where its chunk is there; else it and the next one are read. */
  #targetAt(position: number): Place | undefined {
    const track = trackOf(this.#options.video, this.#target);
    const index = chunkOf(track, position);
    const chunk = track.chunk(index);
    if (index < track.lastChunk) track.chunk(index + 1);
    if (!chunk) return undefined;
    const frame = lastAtOrBefore(chunk.times, position + track.origin + TIME_TOLERANCE);
    return frame < 0 ? undefined : { index, frame, chunk };
  }

  #sendSound(line: number, send: (frame: FlowFrame) => void): void {
    for (;;) {
      const { place, position } = this.#sound ?? {};
      if (!place || position === undefined || this.#soundIsOver()) return;
      const at = this.#lineOf(position);
      if (at > line + AUDIO_SLACK) return;
      const duration = place.chunk.durations[place.frame] ?? 0;
      if (this.#isToBeHeard(at, position + duration, line)) {
        send({ place, position, rendition: undefined, line: at });
        this.#soundUntil = at + duration;
      }
      this.#sound?.advance();
    }
  }

  /** It reaches into what is seen from the wanted picture on, lies after what was sent, and is not late for good. */
  #isToBeHeard(at: number, end: number, line: number): boolean {
    if (end <= this.#wantedPosition + EPSILON) return false;
    return at >= this.#soundUntil - EPSILON && line - at <= MAX_LATE;
  }

  #soundIsOver(): boolean {
    if (!this.#sound || this.#sound.ended) return true;
    const position = this.#sound.position;
    return position !== undefined && position >= this.#options.duration - EPSILON;
  }
}

function afterWanted(video: readonly StoredTrack[], plan: SessionPlan): ForwardCursor {
  const { index, frame } = plan.wanted;
  return new ForwardCursor(trackOf(video, plan.rendition), { index, frame: frame + 1 });
}
