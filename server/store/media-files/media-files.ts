import type { Readable } from 'node:stream';
import type { MediaKey } from './media-key.ts';

export type MediaFileStat = {
  /** Bytes. */
  size: number;
  /** A strong validator, with its quotes (RFC 9110 section 8.8.3): another one whenever the bytes may differ. */
  etag: string;
  modified: Date;
};

/** Both ends belong to it, as in HTTP (RFC 9110 section 14.1.2). */
export type ByteRange = { start: number; end: number };

/** What is to be kept: a file, which is moved where that can be done, or copied; or whatever a stream brings. */
export type MediaSource = { file: string; mayMove?: boolean } | { stream: Readable };

export type OpenMediaFile = MediaFileStat & {
  /** To be read to its end or destroyed. */
  stream: Readable;
};

/**
 * Files of the library: originals, and what was made of them. A file is whole or not there, also after a crash;
 * putting a file under a key that is there replaces it in one step.
 */
export type MediaFiles = {
  /**
   * @throws {SfumatoError} `unavailable` where there is no room.
   * @throws the signal's reason; nothing is left behind.
   */
  put(key: MediaKey, source: MediaSource, signal?: AbortSignal): Promise<MediaFileStat>;
  /**
   * Keeps a file where it lies, and only reads it; a copy where that cannot be. Should it be taken away there,
   * `open` and `local` say so.
   *
   * @throws {SfumatoError} `notFound` where it is not there.
   */
  link(key: MediaKey, file: string, signal?: AbortSignal): Promise<MediaFileStat>;
  /**
   * @param range inside the file.
   * @throws {SfumatoError} `notFound`
   */
  open(key: MediaKey, range?: ByteRange): Promise<OpenMediaFile>;
  /** Undefined where there is no such file. */
  stat(key: MediaKey): Promise<MediaFileStat | undefined>;
  /** Names of an Asset's files. */
  list(assetId: string): Promise<string[]>;
  /** Nothing happens where there is none. */
  remove(key: MediaKey): Promise<void>;
  /** Everything of an Asset. */
  removeAsset(assetId: string): Promise<void>;
  /**
   * A path to read the file at, as ffmpeg needs it, until `release()`: where it lies, or a copy.
   *
   * @throws {SfumatoError} `notFound`
   */
  local(key: MediaKey, signal?: AbortSignal): Promise<LocalMediaFile>;
  /** Lets go of copies and connections. Idempotent. */
  close(): Promise<void>;
};

export type LocalMediaFile = {
  path: string;
  /** Idempotent. */
  release(): Promise<void>;
};
