import { expect, test } from '@jest/globals';
import type { AuditEntry } from '../../../signaling/contract/index.ts';
import { auditWords, detailWords } from './audit-words.ts';

const ENTRY: AuditEntry = {
  ...{ id: '1', at: '2026-03-01T12:00:00Z', action: 'channel.deleted', actor: 'ada' },
  ...{ address: '192.0.2.1', target: 'studio', details: {} },
};

test.each([
  [{}, 'ada deleted the Channel “studio”.'],
  [{ action: 'session.opened', target: null }, 'ada logged in.'],
  [
    { action: 'session.failed', actor: null, target: 'it $& is' },
    'Somebody tried to log in as “it $& is”, and was refused.',
  ],
  [{ action: 'invitation.created', details: { note: 'Bob' } }, 'ada invited “Bob”.'],
  [{ action: 'invitation.created' }, 'ada invited somebody.'],
  [{ action: 'invitation.revoked' }, 'ada took back an invitation.'],
  [{ action: 'session.failed', target: null }, 'ada tried to log in as somebody, and was refused.'],
  [{ action: 'moon.painted' }, 'ada did moon.painted to “studio”.'],
] as const)('%j: %s', (changes, words) => {
  expect(auditWords({ ...ENTRY, ...changes })).toBe(words);
});

test('what is further known', () => {
  const details = { role: 'editor', disabled: true, external: false, expiresAt: '2026', count: 2 };
  expect(detailWords({ details })).toBe('role editor, disabled, expires at 2026, count 2');
});
