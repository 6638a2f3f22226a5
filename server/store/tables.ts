/**
 * The tables, as the newest migration leaves them. Times are ISO 8601 in UTC with milliseconds, as text:
 * both databases compare them rightly, and neither changes them on the way.
 */
export type Tables = {
  channels: ChannelRow;
  streamKeys: StreamKeyRow;
  accounts: AccountRow;
  sessions: SessionRow;
  apiTokens: ApiTokenRow;
  setupTokens: SetupTokenRow;
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
