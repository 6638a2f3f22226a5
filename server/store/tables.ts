import type { ColumnType, GeneratedAlways } from 'kysely';
import type { AssetKind, AssetState, Role, Visibility } from '../../signaling/contract/index.ts';

/**
 * The tables, as the newest migration leaves them. Times are ISO 8601 in UTC with milliseconds, as text:
 * both databases compare them rightly, and neither changes them on the way.
 */
export type Tables = {
  channels: ChannelTable;
  streamKeys: StreamKeyRow;
  playlists: PlaylistRow;
  accounts: AccountRow;
  sessions: SessionRow;
  apiTokens: ApiTokenRow;
  setupTokens: SetupTokenRow;
  invitations: InvitationRow;
  signIns: SignInRow;
  auditEntries: AuditEntryRow;
  assets: AssetTable;
  assetTags: AssetTagRow;
  assetCaptions: AssetCaptionsRow;
  collections: CollectionRow;
  collectionItems: CollectionItemRow;
  jobs: JobRow;
  uploads: UploadRow;
  watchedFiles: WatchedFileRow;
  watchPositions: WatchPositionRow;
  defaultRules: DefaultRulesRow;
  playbackKeys: PlaybackKeyRow;
  playbackTokens: PlaybackTokenRow;
  playbackRevocations: PlaybackRevocationRow;
};

export type ChannelRow = RulesColumns & {
  id: string;
  title: string;
  graceSeconds: number;
  createdAt: string;
};

/** Who may watch it. */
export type RulesColumns = {
  visibility: Visibility;
  /** JSON: a list of `siteSchema`. */
  embedSites: string | null;
  maxViewers: number | null;
  startsAt: string | null;
  endsAt: string | null;
  /** Argon2id, as a PHC string. */
  watchPasswordHash: string | null;
  /** Counted up with every new password. */
  passwordVersion: number;
};

/** A new one is open to all where nothing else is said. */
type ChannelTable = Omit<ChannelRow, keyof RulesColumns> & {
  [Column in keyof RulesColumns]: ColumnType<
    RulesColumns[Column],
    RulesColumns[Column] | undefined,
    RulesColumns[Column]
  >;
};

/** What new things begin with. */
export type DefaultRulesRow = {
  kind: 'channels' | 'assets';
  /** JSON: `accessRulesSchema`. */
  rules: string;
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
  /** Argon2id, as a PHC string; empty where they sign in at another service. */
  passwordHash: string;
  role: Role;
  /** null: they may log in. */
  disabledAt: string | null;
  lastSeenAt: string | null;
  /** Of whoever signs in at another service: by these two, OpenID Connect knows them. */
  issuer: string | null;
  subject: string | null;
  createdAt: string;
};

export type SessionRow = {
  /** By which it is listed and ended; the secret is another. */
  id: string;
  tokenHash: string;
  /** Of whoever opened it, and what their browser said of itself. */
  address: string | null;
  userAgent: string | null;
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
  /** The account that it belongs to; none where it was made with ADMIN_TOKEN. */
  accountId: string | null;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
};

export type InvitationRow = {
  id: string;
  tokenHash: string;
  role: Role;
  note: string;
  /** Of whoever invites; none where that was done with a token. */
  accountId: string | null;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
};

/** A sign-in at another service that was begun. */
export type SignInRow = {
  secretHash: string;
  /** The path of ours to come back to. */
  returnTo: string;
  createdAt: string;
};

export type AuditEntryRow = {
  id: string;
  at: string;
  action: string;
  actor: string | null;
  address: string | null;
  target: string | null;
  /** JSON. */
  details: string;
};

export type SetupTokenRow = {
  tokenHash: string;
  createdAt: string;
};

/** Counted by the database as they come. */
type AssetTable = Omit<AssetRow, 'seq'> & { seq: GeneratedAlways<number> };

export type AssetRow = RulesColumns & {
  seq: number;
  id: string;
  title: string;
  /** As titles are sorted. */
  titleKey: string;
  description: string;
  kind: AssetKind | null;
  state: AssetState;
  reason: string | null;
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

export type WatchPositionRow = {
  accountId: string;
  assetId: string;
  /** 0: there is nothing to go on with. Kept, so that a word from before that comes late brings nothing back. */
  seconds: number;
  updatedAt: string;
};

/** A key pair that playback tokens are signed with (RFC 8037). */
export type PlaybackKeyRow = {
  /** `kid`. */
  id: string;
  /** JSON (RFC 7517). */
  publicJwk: string;
  privateJwk: string;
  createdAt: string;
  /** From when on another one signs; null: it is the one that does. */
  retiredAt: string | null;
};

/** A playback token that was made here: what it says, not the token. */
export type PlaybackTokenRow = {
  /** `jti`. */
  id: string;
  /** Of the Channel or the Asset; `*` for all. */
  thingId: string;
  subject: string | null;
  /** JSON: a list of origins; null: all that may embed the thing. */
  sites: string | null;
  /** The name of an account or an API token. */
  createdBy: string;
  createdAt: string;
  expiresAt: string;
};

/** What holds no longer, of tokens of anybody. */
export type PlaybackRevocationRow = {
  /** `pass:` and a `jti`, or `key:` and a `kid`. */
  id: string;
  /** From then on, nobody needs to know it any more. */
  expiresAt: string;
};
