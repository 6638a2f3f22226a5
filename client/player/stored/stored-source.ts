import type { Asset } from '../../../signaling/contract/index.ts';
import type { Denial } from '../access/denial.ts';
import type { StreamFigures } from '../figures/statistics.ts';

/** What a way of playing something stored tells of itself. */
export type StoredSourceEvents = {
  /** Is what was asked of the server not coming? */
  onLost(lost: boolean): void;
  /** The server refused: the Asset may be there no more. */
  onRefused(): void;
  /** The server has said why it may not be watched, or not any more. */
  onDenied(denial: Denial): void;
  /** The browser cannot play it; the reason for those who look into it. */
  onBroken(reason: string): void;
  onRendition(): void;
  /** Of a source that keeps its own time: what a media element would tell with the event of this name. */
  onClock?(event: ClockEvent): void;
  /** It should be opened anew where it is: there is another way now, a better one or the only one left. */
  onAnotherWay?(): void;
};

export type ClockEvent =
  | 'durationchange'
  | 'timeupdate'
  | 'seeking'
  | 'seeked'
  | 'ratechange'
  | 'waiting'
  | 'playing'
  | 'ended';

/** The time of a source that comes as a stream: what the `<video>` says of its own time means nothing then. */
export interface SourceClock {
  /** Seconds; NaN while it is not known. */
  readonly duration: number;
  /** Of the picture that is presented; while it seeks, where to. Seconds. */
  readonly currentTime: number;
  readonly seeking: boolean;
  readonly ended: boolean;
  /** How many pictures a second; null while it is not known. */
  readonly framesPerSecond: number | null;
  playbackRate: number;
  play(): void;
  pause(): void;
  /** @param scrub more of these follow at once, while the seek bar is dragged: the newest wins, the rest is dropped */
  seek(seconds: number, options?: { scrub?: boolean }): void;
  /** So many pictures on, or back. */
  step(frames: number): void;
}

/** One way of bringing something stored into a `<video>`: HLS, or what else there is. */
export interface StoredSource {
  readonly via: 'webrtc' | 'hls' | 'nativeHls';
  /** Null where the `<video>` keeps the time. */
  readonly clock: SourceClock | null;
  /** Names of the Renditions that can be chosen; empty while they are not known. */
  readonly renditions: readonly string[];
  /** The one that is shown; null where that is not known. */
  readonly rendition: string | null;
  /** Bits a second that the network carried lately. */
  readonly bandwidth: number | null;
  /** How many pictures a second; undefined or null where that is not known. */
  readonly framesPerSecond?: number | null;
  /** As of the last second, of a source whose packets are counted. */
  readonly figures?: StreamFigures | null;
  /** From the last seek to its picture's being presented, milliseconds. */
  readonly lastSeekMs?: number | null;
  /** Undefined where that is not known. */
  readonly hasSound?: boolean;
  /** Is it played at a speed at which no sound is sent? */
  readonly soundRests?: boolean;
  /** What WebRTC goes over; null while that is not known. */
  readonly protocol?: 'udp' | 'tcp' | null;
  /** A Rendition's file name; null for the best that the network carries. */
  prefer(rendition: string | null): void;
  /** Asks at once for what did not come. */
  retry(): void;
  close(): void;
}

export type StoredSourceOptions = StoredSourceEvents & {
  video: HTMLVideoElement;
  /** The master playlist. */
  url: string;
  /** Seconds. */
  startAt: number;
  rendition: string | null;
  /** Bits a second; undefined where nothing is known of this network. */
  startBitrate: number | undefined;
  asset: Asset;
  /** Is it to stand still at `startAt`? */
  paused: boolean;
  playbackRate: number;
  /** A way that keeps the sound's pitch at another speed is wanted: not WebRTC. That is no failure of it. */
  withoutWebrtc: boolean;
  /** Whose timeline it follows, if it is anybody's. */
  party?: string | null;
};

/** `https://host/api/v1/assets/ID/hls/video-0.m3u8` is `video-0.mp4`. */
export function renditionOf(playlistUrl: string | undefined): string | null {
  const name = /\/([\w-]+)\.m3u8(?:[?#]|$)/.exec(playlistUrl ?? '')?.[1];
  return name === undefined ? null : `${name}.mp4`;
}
