import { describe, expect, test } from '@jest/globals';
import {
  type AccessRules,
  OPEN_RULES,
  VISIBILITIES,
  type Visibility,
  WATCH_REFUSALS,
} from '../../signaling/contract/index.ts';
import { type Asker, type Guarded, mayBeListed, mayWatch, type Pass } from './may-watch.ts';
import { refusalError } from './refusal-errors.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const MINUTE = 60_000;

const NOBODY: Asker = {
  isSignedIn: false,
  mayChange: false,
  mayRead: false,
  pass: undefined,
  site: undefined,
};

const PASS: Pass = {
  id: 'j1',
  subject: undefined,
  thingId: 'film',
  sites: undefined,
  notBeforeMs: NOW - MINUTE,
  expiresAtMs: NOW + MINUTE,
  passwordVersion: undefined,
  isRevoked: false,
};

function thing(rules: Partial<AccessRules>, further: Partial<Guarded> = {}): Guarded {
  const all = { ...OPEN_RULES, ...rules };
  return { id: 'film', rules: all, passwordVersion: 2, defaultSites: ['*'], ...further };
}

/** What may be shown at a door. */
const SHOWN = {
  nothing: NOBODY,
  login: { ...NOBODY, isSignedIn: true },
  'right to read': { ...NOBODY, mayRead: true },
  'right to change': { ...NOBODY, mayChange: true },
  'token for it': { ...NOBODY, pass: PASS },
  'token for all': { ...NOBODY, pass: { ...PASS, thingId: '*' } },
  'token for another': { ...NOBODY, pass: { ...PASS, thingId: 'other' } },
  'no token of ours': { ...NOBODY, pass: 'wrong' },
  'expired token': { ...NOBODY, pass: { ...PASS, expiresAtMs: NOW } },
  'token of tomorrow': { ...NOBODY, pass: { ...PASS, notBeforeMs: NOW + 1 } },
  'revoked token': { ...NOBODY, pass: { ...PASS, isRevoked: true } },
  'said password': { ...NOBODY, pass: { ...PASS, passwordVersion: 2 } },
  'said old password': { ...NOBODY, pass: { ...PASS, passwordVersion: 1 } },
} satisfies Record<string, Asker>;

type Shown = keyof typeof SHOWN;
const yes = 'yes';

/** The whole table: what each visibility answers to each thing shown. */
const TABLE: Record<Shown, Record<Visibility, string>> = {
  nothing: row('signIn', 'password', 'token', 'gone'),
  login: row(yes, 'password', 'token', 'gone'),
  'right to read': row(yes, yes, yes, 'gone'),
  'right to change': row(yes, yes, yes, yes),
  'token for it': row(yes, yes, yes, yes),
  'token for all': row(yes, yes, yes, 'gone'),
  'token for another': row('wrongToken', 'wrongToken', 'wrongToken', 'gone'),
  'no token of ours': row('wrongToken', 'wrongToken', 'wrongToken', 'gone'),
  'expired token': row('expired', 'expired', 'expired', 'expired'),
  'token of tomorrow': row('notYet', 'notYet', 'notYet', 'notYet'),
  'revoked token': row('revoked', 'revoked', 'revoked', 'revoked'),
  'said password': row('wrongToken', yes, 'wrongToken', 'gone'),
  'said old password': row('wrongToken', 'revoked', 'wrongToken', 'gone'),
};

function row(signedIn: string, password: string, token: string, hidden: string) {
  return { public: yes, unlisted: yes, signedIn, password, token, private: hidden };
}

function outcome(guarded: Guarded, asker: Asker): string {
  const verdict = mayWatch(guarded, asker, NOW);
  return verdict.may ? yes : verdict.refusal;
}

const CELLS = VISIBILITIES.flatMap((visibility) =>
  Object.entries(SHOWN).map(([name, asker]) => ({ visibility, name, asker })),
);

describe('who may watch', () => {
  test.each(CELLS)('$visibility, with $name', ({ visibility, name, asker }) => {
    const expected = Object.entries(TABLE).find(([shown]) => shown === name)?.[1][visibility];
    expect(outcome(thing({ visibility }), asker)).toBe(expected);
  });

  const early = { startsAt: new Date(NOW + 1).toISOString() };
  const late = { endsAt: new Date(NOW).toISOString() };
  test.each<[string, Partial<AccessRules>, Shown, string]>([
    ['before it begins', early, 'nothing', 'notYet'],
    ['from its beginning on', { startsAt: new Date(NOW).toISOString() }, 'nothing', yes],
    ['at its end', late, 'nothing', 'over'],
    ['before its end', { endsAt: new Date(NOW + 1).toISOString() }, 'nothing', yes],
    ['a token does not begin it', { ...early, visibility: 'token' }, 'token for it', 'notYet'],
    ['nor does a right to read', early, 'right to read', 'notYet'],
    ['who may change it looks before', early, 'right to change', yes],
    ['and after', late, 'right to change', yes],
    [
      'what is private says nothing of its times',
      { ...late, visibility: 'private' },
      'nothing',
      'gone',
    ],
  ])('%s', (_when, rules, shown, expected) => {
    expect(outcome(thing(rules), SHOWN[shown])).toBe(expected);
  });

  const A = 'https://a.example';
  const B = 'https://b.example';
  test.each<[string, string[] | null, string[], string | undefined, string]>([
    ['everywhere', null, ['*'], A, yes],
    ['as for all', null, [A], A, yes],
    ['as for all, another', null, [A], B, 'site'],
    ['its own list', [B], [A], B, yes],
    ['its own list counts alone', [B], [A, '*'], A, 'site'],
    ['everywhere by its own list', ['*'], [], A, yes],
    ['nowhere', [], ['*'], A, 'site'],
    ['nowhere, but on pages of ours and for programs', [], [], undefined, yes],
    ['a page without an origin', [A], [], 'null', 'site'],
  ])('sites: %s', (_which, embedSites, defaultSites, site, expected) => {
    expect(outcome(thing({ embedSites }, { defaultSites }), { ...NOBODY, site })).toBe(expected);
  });

  test.each<[string, string[] | undefined, string | undefined, Visibility, string]>([
    ['of all sites', undefined, B, 'token', yes],
    ['of this site', [A], A, 'token', yes],
    ['of another site', [A], B, 'token', 'site'],
    ['on pages of ours', [A], undefined, 'token', yes],
    ['of no site', [], A, 'token', 'site'],
    ['that is not needed', [A], B, 'public', yes],
  ])('a token %s', (_which, sites, site, visibility, expected) => {
    const asker = { ...NOBODY, pass: { ...PASS, sites }, site };
    expect(outcome(thing({ visibility }), asker)).toBe(expected);
  });

  test.each<[string, Partial<AccessRules>, Shown, number | undefined]>([
    ['nothing ends it', {}, 'nothing', undefined],
    ['its end', { endsAt: new Date(NOW + 5).toISOString() }, 'nothing', NOW + 5],
    ['the token’s end', { visibility: 'token' }, 'token for it', NOW + MINUTE],
    ['a token that is not needed', {}, 'token for it', undefined],
    ['a login needs none', { visibility: 'signedIn' }, 'login', undefined],
    [
      'what comes first',
      { visibility: 'password', endsAt: new Date(NOW + 5).toISOString() },
      'said password',
      NOW + 5,
    ],
    [
      'not for who may change it',
      { endsAt: new Date(NOW + 5).toISOString() },
      'right to change',
      undefined,
    ],
  ])('holds until: %s', (_what, rules, shown, untilMs) => {
    expect(mayWatch(thing(rules), SHOWN[shown], NOW)).toEqual({ may: true, untilMs });
  });
});

test.each<[Shown, string]>([
  ['nothing', 'public'],
  ['login', 'public signedIn'],
  ['token for all', 'public'],
  ['right to read', 'public unlisted signedIn password token'],
  ['right to change', 'public unlisted signedIn password token private'],
])('lists for %s have what is %s', (shown, expected) => {
  const listed = VISIBILITIES.filter((one) =>
    mayBeListed(thing({ visibility: one }), SHOWN[shown], NOW),
  );
  expect(listed.join(' ')).toBe(expected);
});

test('what has not begun stands in no list for strangers', () => {
  const coming = thing({ startsAt: new Date(NOW + 1).toISOString() });
  expect(mayBeListed(coming, NOBODY, NOW)).toBe(false);
  expect(mayBeListed(coming, SHOWN['right to read'], NOW)).toBe(true);
});

test.each(WATCH_REFUSALS)('%s is an error with a sentence', (refusal) => {
  const error = refusalError(refusal);
  expect(error).toMatchObject({ refusal, message: expect.stringMatching(/^[A-Z].*\.$/) });
});
