import { describe, expect, test } from '@jest/globals';
import { type AccessRules, OPEN_RULES } from '../../../signaling/contract/index.ts';
import { changesOf, draftOf, localOf, problemOf, siteOf } from './rules-draft.ts';

const SITE = 'https://a.example';
const RULES: AccessRules = {
  visibility: 'password',
  embedSites: [SITE],
  maxViewers: 20,
  startsAt: '2026-03-01T20:15:30.000Z',
  endsAt: null,
};

describe('a draft of rules', () => {
  test.each([OPEN_RULES, RULES, { ...RULES, embedSites: [] }, { ...RULES, embedSites: ['*'] }])(
    'that nobody touched changes nothing: %j',
    (rules) => {
      expect(changesOf(rules, draftOf(rules))).toEqual({});
    },
  );

  test('says what is different, and nothing else', () => {
    const draft = { ...draftOf(OPEN_RULES), visibility: 'signedIn', maxViewers: '3' } as const;
    expect(changesOf(OPEN_RULES, draft)).toEqual({ visibility: 'signedIn', maxViewers: 3 });
  });

  test.each([
    ['default', null],
    ['any', ['*']],
    ['none', []],
  ] as const)('sites: %s', (sitesChoice, embedSites) => {
    expect(changesOf(RULES, { ...draftOf(RULES), sitesChoice })).toEqual({ embedSites });
  });

  test('a time is one of the clock on the wall, and sent as one of the world', () => {
    const draft = { ...draftOf(OPEN_RULES), endsAt: '2026-07-01T09:30' };
    const { endsAt } = changesOf(OPEN_RULES, draft);
    expect(endsAt).toBe(new Date('2026-07-01T09:30').toISOString());
    expect(localOf(endsAt ?? null)).toBe('2026-07-01T09:30');
  });

  test('a limit that is taken away is none', () => {
    const draft = { ...draftOf(RULES), maxViewers: '', startsAt: '' };
    expect(changesOf(RULES, draft)).toEqual({ maxViewers: null, startsAt: null });
  });

  test('a password is sent only where it is asked for', () => {
    const draft = { ...draftOf(RULES), password: 'open sesame' };
    expect(changesOf(RULES, draft)).toEqual({ password: 'open sesame' });
    expect(changesOf(RULES, { ...draft, visibility: 'public' })).toEqual({ visibility: 'public' });
  });
});

describe('problemOf', () => {
  const draft = draftOf(RULES);
  test.each([
    ['nothing', draft, true, null],
    ['no password', draft, false, /password is missing/],
    ['no password, and none needed', { ...draft, visibility: 'token' }, false, null],
    ['an empty list', { ...draft, sites: [] }, true, /No site/],
    ['an end before the beginning', { ...draft, endsAt: '2026-02-01T00:00' }, true, /later/],
    ['an end after it', { ...draft, endsAt: '2026-04-01T00:00' }, true, null],
  ] as const)('%s', (_name, one, hasPassword, expected) => {
    const problem = problemOf(one, hasPassword);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  });
});

describe('siteOf', () => {
  test.each([
    ['example.org', 'https://example.org'],
    [' https://Example.org/blog/?x=1#top ', 'https://example.org'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['localhost:3000', 'https://localhost:3000'],
    ['https://example.org:443', 'https://example.org'],
    ['bücher.example', 'https://xn--bcher-kva.example'],
  ])('%j is %s', (typed, site) => {
    expect(siteOf(typed)).toEqual({ site });
  });

  test.each(['', '  ', 'not a site', 'ftp://example.org', 'https://*.example.org', 'https://'])(
    '%j is none',
    (typed) => {
      expect(siteOf(typed)).toEqual({ problem: expect.any(String) });
    },
  );
});
