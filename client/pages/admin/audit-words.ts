import type { AuditEntry } from '../../../signaling/contract/index.ts';

/** What can be looked for: an action, or what stands before its dot. */
export const AUDIT_FILTERS = [
  ['', 'Everything'],
  ['session', 'Logging in and out'],
  ['session.failed', 'Failed logins'],
  ['account', 'Accounts'],
  ['invitation', 'Invitations'],
  ['token', 'API tokens'],
  ['rules', 'Who may watch'],
  ['playbackToken', 'Links with tokens'],
  ['playbackKeys', 'Keys of tokens'],
  ['channel', 'Channels'],
  ['streamKey', 'Stream keys'],
  ['asset', 'Library'],
  ['collection', 'Collections'],
] as const;

/** What somebody did; `it` stands for what it was done to. */
const DEEDS: Record<string, string> = {
  'account.created': 'made the account of it',
  'account.changed': 'changed the account of it',
  'account.deleted': 'deleted the account of it',
  'account.passwordChanged': 'changed the password of it',
  'session.opened': 'logged in',
  'session.failed': 'tried to log in as it, and was refused',
  'session.ended': 'ended a login of it',
  'invitation.created': 'invited it',
  'invitation.revoked': 'took back an invitation',
  'token.created': 'made the API token it',
  'token.revoked': 'revoked the API token it',
  'channel.created': 'made the Channel it',
  'channel.deleted': 'deleted the Channel it',
  'streamKey.rotated': 'made a new stream key for it',
  'rules.changed': 'changed who may watch it',
  'playbackToken.issued': 'made a link with a token for it',
  'playbackToken.revoked': 'took back the link with the token it',
  'playbackKeys.rotated': 'made new keys for the tokens of links',
  'asset.deleted': 'deleted it from the library',
  'collection.deleted': 'deleted the collection it',
};

/** `ada deleted the Channel “studio”.` What is not known here is told as it is. */
export function auditWords({ action, actor, target, details }: AuditEntry): string {
  const who = actor ?? 'Somebody';
  // An invitation has no name: whom it is for was written with it, perhaps.
  const name = action === 'invitation.created' ? (details['note'] ?? null) : target;
  const it = name === null ? 'somebody' : `“${String(name)}”`;
  const deed = DEEDS[action] ?? `did ${action} to it`;
  return `${who} ${deed.replace(/\bit\b/, () => it)}.`;
}

/** What is further known: `role editor, disabled`. Whom an invitation is for is in the sentence already. */
export function detailWords({ details }: Pick<AuditEntry, 'details'>): string {
  return Object.entries(details)
    .filter(([name, value]) => value !== false && value !== '' && name !== 'note')
    .map(([name, value]) => (value === true ? apart(name) : `${apart(name)} ${String(value)}`))
    .join(', ');
}

/** `expiresAt` as `expires at`. */
function apart(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** To the second: it is about what came first. */
export function momentWords(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}
