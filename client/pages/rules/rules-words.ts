import type { Visibility } from '../../../signaling/contract/index.ts';
import type { SitesChoice } from './rules-draft.ts';

/** Who may watch, in a sentence each. */
export const VISIBILITY_SENTENCES: Record<Visibility, string> = {
  public: 'Everybody. It stands in lists and searches.',
  unlisted: 'Whoever has its address. It stands in no list.',
  signedIn: 'Whoever has an account here and is logged in.',
  password: 'Whoever knows a password that you choose.',
  token: 'Whoever has a link that you make for them, and can take back.',
  private: 'You and administrators. For everybody else it is not there.',
};

/** @param defaultSites of the installation; undefined where that is not known */
export function sitesWords(
  choice: SitesChoice,
  defaultSites: readonly string[] | undefined,
): string {
  if (choice === 'any') return 'Any site';
  if (choice === 'none') return 'No site: it is watched here only';
  if (choice === 'listed') return 'The sites of this list';
  const now = defaultSites === undefined ? '' : `: now ${defaultWords(defaultSites)}`;
  return `As set for all of this server${now}`;
}

function defaultWords(sites: readonly string[]): string {
  if (sites.includes('*')) return 'any site';
  return sites.length === 0 ? 'no site' : sites.join(', ');
}
