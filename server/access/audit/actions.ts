/** What is written down. A closed list, so that pages can say each in words. */
export const AUDIT_ACTIONS = [
  'account.created',
  'account.changed',
  'account.deleted',
  'account.passwordChanged',
  'session.opened',
  'session.failed',
  'session.ended',
  'invitation.created',
  'invitation.revoked',
  'token.created',
  'token.revoked',
  'channel.created',
  'channel.deleted',
  'streamKey.rotated',
  'rules.changed',
  'playbackToken.issued',
  'playbackToken.revoked',
  'playbackKeys.rotated',
  'asset.deleted',
  'collection.deleted',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
