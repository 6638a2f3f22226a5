/** What a way of playing something stored tells of itself. */
export type StoredSourceEvents = {
  /** Is what was asked of the server not coming? */
  onLost(lost: boolean): void;
  /** The server refused: the Asset may be there no more. */
  onRefused(): void;
  /** The browser cannot play it; the reason for those who look into it. */
  onBroken(reason: string): void;
  onRendition(): void;
};

/** One way of bringing something stored into a `<video>`: HLS, or what else there is. */
export interface StoredSource {
  readonly via: 'hls' | 'nativeHls';
  /** Names of the Renditions that can be chosen; empty while they are not known. */
  readonly renditions: readonly string[];
  /** The one that is shown; null where that is not known. */
  readonly rendition: string | null;
  /** Bits a second that the network carried lately. */
  readonly bandwidth: number | null;
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
};

/** `https://host/api/v1/assets/ID/hls/video-0.m3u8` is `video-0.mp4`. */
export function renditionOf(playlistUrl: string | undefined): string | null {
  const name = /\/([\w-]+)\.m3u8(?:[?#]|$)/.exec(playlistUrl ?? '')?.[1];
  return name === undefined ? null : `${name}.mp4`;
}
