import type { PlayableFile } from '../playout.ts';

/** As whom the library is asked: whoever has put the playlist there. */
export interface OnBehalfOf {
  id: string | undefined;
  role: 'stranger' | 'reader' | 'administrator';
}

export interface PlayableAsset {
  id: string;
  /** Seconds. */
  duration: number;
}

/** An Asset whose files are held for as long as it is on air. */
export interface OpenAsset extends PlayableAsset {
  file: PlayableFile;
  /** Idempotent. */
  release(): void;
}

/** What can be put on air: the library. */
export interface PlayableAssets {
  /**
   * @throws SfumatoError `notFound` where whoever asks may not see it, `badRequest` of what is neither video nor
   *   sound, `conflict` while nothing of it can be played yet
   */
  find(assetId: string, as: OnBehalfOf): Promise<PlayableAsset>;
  /** With what is there of its Renditions. @throws SfumatoError as `find` */
  open(assetId: string, as: OnBehalfOf): Promise<OpenAsset>;
  /** Those in a collection, in its order; what is behind the first `atMost` is left out. @throws SfumatoError `notFound` */
  inCollection(collectionId: string, as: OnBehalfOf, atMost: number): Promise<PlayableAsset[]>;
  /** Called with the ids of Assets that were changed or deleted. The returned function stops it. */
  onChange(listener: (ids: readonly string[]) => void): () => void;
}
