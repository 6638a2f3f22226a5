import {
  type AccessRules,
  siteSchema,
  type Visibility,
} from '../../../signaling/contract/index.ts';

/** Which sites may embed something: all that may in general, any, none, or those of a list. */
export type SitesChoice = 'default' | 'any' | 'none' | 'listed';

/** Rules as a form has them, with what is typed as it was typed. */
export type RulesDraft = {
  visibility: Visibility;
  sitesChoice: SitesChoice;
  sites: readonly string[];
  maxViewers: string;
  /** As `<input type="datetime-local">` has it, in the time zone of whoever looks. */
  startsAt: string;
  endsAt: string;
  /** Empty where it stays as it is. */
  password: string;
};

export type RulesChanges = Partial<AccessRules> & { password?: string };

export function draftOf(rules: AccessRules): RulesDraft {
  const { visibility, embedSites, maxViewers, startsAt, endsAt } = rules;
  return {
    visibility,
    sitesChoice: choiceOf(embedSites),
    sites: (embedSites ?? []).filter((site) => site !== '*'),
    maxViewers: maxViewers === null ? '' : String(maxViewers),
    startsAt: localOf(startsAt),
    endsAt: localOf(endsAt),
    password: '',
  };
}

function choiceOf(sites: AccessRules['embedSites']): SitesChoice {
  if (sites === null) return 'default';
  if (sites.includes('*')) return 'any';
  return sites.length === 0 ? 'none' : 'listed';
}

/** Why these cannot be the rules, in words; null where they can. */
export function problemOf(draft: RulesDraft, hasPassword: boolean): string | null {
  const { visibility, password, sitesChoice, sites, startsAt, endsAt } = draft;
  if (visibility === 'password' && password === '' && !hasPassword) {
    return 'A password is missing: without one nobody could watch.';
  }
  if (sitesChoice === 'listed' && sites.length === 0) {
    return 'No site is on the list. Add one, or choose that none may embed it.';
  }
  if (startsAt !== '' && endsAt !== '' && startsAt >= endsAt) {
    return 'The end is to be later than the beginning.';
  }
  return null;
}

/** What is different in the draft from how it is. */
export function changesOf(before: AccessRules, draft: RulesDraft): RulesChanges {
  const after = rulesOf(before, draft);
  const changes: RulesChanges = {
    ...(after.visibility !== before.visibility && { visibility: after.visibility }),
    ...(after.maxViewers !== before.maxViewers && { maxViewers: after.maxViewers }),
    ...(after.startsAt !== before.startsAt && { startsAt: after.startsAt }),
    ...(after.endsAt !== before.endsAt && { endsAt: after.endsAt }),
    ...(JSON.stringify(after.embedSites) !== JSON.stringify(before.embedSites) && {
      embedSites: after.embedSites,
    }),
  };
  const { visibility, password } = draft;
  return visibility === 'password' && password !== '' ? { ...changes, password } : changes;
}

function rulesOf(before: AccessRules, draft: RulesDraft): AccessRules {
  const sites = { default: null, any: ['*'], none: [], listed: [...draft.sites] };
  return {
    visibility: draft.visibility,
    embedSites: sites[draft.sitesChoice],
    maxViewers: draft.maxViewers === '' ? null : Number(draft.maxViewers),
    startsAt: momentOf(draft.startsAt, before.startsAt),
    endsAt: momentOf(draft.endsAt, before.endsAt),
  };
}

/** The field has minutes: what was not touched keeps its seconds. */
function momentOf(local: string, before: string | null): string | null {
  if (local === localOf(before)) return before;
  return local === '' ? null : new Date(local).toISOString();
}

/** `2026-03-01T20:15` of an ISO 8601 time, in the time zone of whoever looks. */
export function localOf(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export type SiteTyped = { site: string } | { problem: string };

/** What a person types for a site: its name, or the address of any page there. */
export function siteOf(text: string): SiteTyped {
  const typed = text.trim();
  const address = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  // Some browsers make a name of anything: `not a site` as `not%20a%20site`.
  if (typed === '' || address === null || /[%\s]/.test(address.hostname)) {
    return { problem: 'An address such as example.org.' };
  }
  if (!/^https?:$/.test(address.protocol)) {
    return { problem: 'A site begins with https:// (or http://).' };
  }
  if (address.hostname.includes('*')) {
    return { problem: 'Each site by its full name: a * for a part of it is not understood.' };
  }
  const { success } = siteSchema.safeParse(address.origin);
  return success ? { site: address.origin } : { problem: 'An address such as example.org.' };
}
