import type { AccessRules, Visibility } from '../../../signaling/contract/index.ts';

/** How long a token may be good for: the server makes none for longer than a day. Seconds. */
export const EXPIRIES = [
  [600, '10 minutes'],
  [3600, 'An hour'],
  [21_600, '6 hours'],
  [86_400, 'A day'],
] as const;

/** Is there anybody who could watch it with a token only? */
export function needsToken(visibility: Visibility): boolean {
  return visibility !== 'public' && visibility !== 'unlisted';
}

const WORDS: Record<Visibility, string> = {
  public: '',
  unlisted: '',
  password: 'It has a password: the player asks for it, on every site.',
  signedIn:
    'Only those who are logged in here may watch, and on other sites most browsers do not tell who that is.',
  token: 'It plays with a token only.',
  private: 'It is private: on other sites nobody sees it.',
};

const WAYS: Partial<Record<Visibility, string>> = {
  password: 'Whoever has a link with a token needs no password.',
  signedIn: 'A link with a token lets them watch all the same.',
  token: 'Make a link below, or let your own server make one for each visitor.',
  private: 'A link with a token lets somebody watch all the same.',
};

/** What stands in the way of whoever watches it elsewhere, and what helps. */
export function rightsWords(visibility: Visibility, mayIssue: boolean): string {
  const way = mayIssue ? WAYS[visibility] : undefined;
  const asking = visibility === 'token' && !mayIssue ? 'An editor here can make one.' : '';
  return [WORDS[visibility], way ?? asking].filter(Boolean).join(' ');
}

/** @param rules null where they are not known */
export function sitesAllowedWords(rules: Pick<AccessRules, 'embedSites'> | null): string {
  const sites = rules?.embedSites ?? null;
  if (sites === null || sites.includes('*')) return '';
  if (sites.length === 0) return 'No site may embed it: it is watched here only.';
  return `It can be embedded on ${sites.join(', ')} only.`;
}
