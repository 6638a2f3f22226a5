import type { GeneratedAlways } from 'kysely';
import type { AssetKind, AssetState, Visibility } from '../../signaling/contract/index.ts';

/**
 * The tables, as the newest migration leaves them. Times are ISO 8601 in UTC with milliseconds, as text:
 * both databases compare them rightly, and neither changes them on the way.
 */
export type Tables = {
  channels: ChannelRow;
  streamKeys: StreamKeyRow;
  playlists: PlaylistRow;
  accounts: AccountRow;
  sessions: SessionRow;
  apiTokens: ApiTokenRow;
  setupTokens: SetupTokenRow;
  assets: AssetTable;
  assetTags: AssetTagRow;
  assetCaptions: AssetCaptionsRow;
  collections: CollectionRow;
  collectionItems: CollectionItemRow;
  jobs: JobRow;
  uploads: UploadRow;
  watchedFiles: WatchedFileRow;
};

export type ChannelRow = {
  id: string;
  title: string;
  graceSeconds: number;
  createdAt: string;
};

/** Of every secret only its SHA-256, in hexadecimal digits. */
export type StreamKeyRow = {
  channelId: string;
  keyHash: string;
  createdAt: string;
};

export type AccountRow = {
  id: string;
  name: string;
  /** Argon2id, as a PHC string. */
  passwordHash: string;
  createdAt: string;
};

export type SessionRow = {
  tokenHash: string;
  accountId: string;
  createdAt: string;
  lastUsedAt: string;
};

export type ApiTokenRow = {
  id: string;
  name: string;
  tokenHash: string;
  /** Separated by blanks, as in RFC 6749 section 3.3. */
  scopes: string;
  createdAt: string;
};

export type SetupTokenRow = {
  tokenHash: string;
  createdAt: string;
};

/** Counted by the database as they come. */
type AssetTable = Omit<AssetRow, 'seq'> & { seq: GeneratedAlways<number> };

export type AssetRow = {
  seq: number;
  id: string;
  title: string;
  /** As titles are sorted. */
  titleKey: string;
  description: string;
  kind: AssetKind | null;
  state: AssetState;
  reason: string | null;
  visibility: Visibility;
  ownerId: string | null;
  ownerName: string | null;
  /** Seconds; 0 where it has none. */
  duration: number;
  width: number | null;
  height: number | null;
  bytes: number | null;
  originalName: string | null;
  checksum: string | null;
  /** 1 or 0: SQLite has no booleans. */
  watchable: number;
  /** JSON: a list of `assetFileSchema`. */
  files: string;
  createdAt: string;
  updatedAt: string;
};

export type PlaylistRow = {
  channelId: string;
  /** JSON: `playlistSchema`. */
  playlist: string;
  /** JSON: as whom the library is asked for what is in it. */
  onBehalfOf: string;
  updatedAt: string;
};

export type AssetTagRow = {
  /** As tags are compared. */
  tag: string;
  seq: number;
  /** As it was written. */
  label: string;
};

export type AssetCaptionsRow = {
  seq: number;
  /** Separated by blanks. */
  words: string;
};

export type CollectionRow = {
  id: string;
  parentId: string | null;
  /** Among those of the same parent. */
  position: number;
  title: string;
  description: string;
  visibility: Visibility;
  ownerId: string | null;
  ownerName: string | null;
  createdAt: string;
  updatedAt: string;
};

export type CollectionItemRow = {
  collectionId: string;
  seq: number;
  position: number;
};

export type JobRow = {
  id: string;
  kind: string;
  assetId: string | null;
  /** JSON. */
  data: string;
  /** The higher, the sooner. */
  priority: number;
  state: 'queued' | 'running' | 'failed';
  /** Begun since the last step that was finished. */
  attempts: number;
  maxAttempts: number;
  /**
   * From when on it may be taken, by the database's clock, milliseconds since the Unix epoch: of a running one
   * that is when its lease ends. null: never again.
   */
  dueMs: number | null;
  /** Names the one taking of it whose word counts. */
  lease: string | null;
  /** JSON: results of the steps that are finished, by name. */
  steps: string;
  /** 0 to 1. */
  progress: number;
  step: string | null;
  reason: string | null;
  createdAt: string;
};

/** What was announced, of which everything, something or nothing has come. */
export type UploadRow = {
  id: string;
  assetId: string;
  /** The folder that has its bytes. */
  place: string;
  /** When it is whole. */
  bytes: number;
  /** JSON: names and texts, as the client said them. */
  metadata: string;
  /** When something came last. */
  activeAt: string;
  /** When the last byte had come; null until then. */
  receivedAt: string | null;
};

export type WatchedFileRow = {
  /** Whose watched folder. */
  place: string;
  /** From that folder on. */
  path: string;
  bytes: number;
  /** Milliseconds since the Unix epoch. */
  modifiedMs: number;
  /** null: it was deleted. */
  assetId: string | null;
};
