import type { Rational } from '../ffmpeg/rational.ts';

/** As whom the library is asked: whoever watches. */
export interface OnBehalfOf {
  id: string | undefined;
  role: 'stranger' | 'reader' | 'administrator';
}

/** One prepared encoding of the picture. */
export interface PlayableRendition {
  /** Absolute path. */
  file: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Bits a second, measured. */
  bitrate: number;
}

/** An Asset whose files are held for as long as it is played. */
export interface OpenAsset {
  id: string;
  file: {
    /** Lowest first; their key frames are on the same frames. None where there is sound only. */
    rungs: readonly PlayableRendition[];
    framesPerSecond?: Rational | undefined;
    audio?: { file: string; bitrate: number } | undefined;
  };
  /** Idempotent. */
  release(): void;
}

/** What can be played: the library. */
export interface StoredAssets {
  /**
   * @throws SfumatoError `notFound` where whoever asks may not see it, `badRequest` of what is neither video nor
   *   sound, `conflict` while nothing of it can be played yet
   */
  open(assetId: string, as: OnBehalfOf): Promise<OpenAsset>;
}
