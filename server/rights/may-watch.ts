import type { AccessRules, Visibility, WatchRefusal } from '../../signaling/contract/index.ts';

/** A playback token whose signature, issuer and audience were found right. Times in milliseconds since the Unix epoch. */
export interface Pass {
  /** `jti`; by which it is revoked. */
  id: string;
  /** `sub`: for whom it was made. */
  subject: string | undefined;
  /** Of the Channel or the Asset; `*` for all. */
  thingId: string;
  /** The sites on which it may be used; undefined: on all that may embed the thing. */
  sites: readonly string[] | undefined;
  notBeforeMs: number;
  expiresAtMs: number;
  /** Which password was said for it; undefined where it was signed for somebody. */
  passwordVersion: number | undefined;
  isRevoked: boolean;
}

/** Who wants to watch, as far as it was proved. */
export interface Asker {
  /** Has an account here and is logged in. */
  isSignedIn: boolean;
  /** May change this thing: whoever made it, an editor, an administrator. */
  mayChange: boolean;
  /** May read everything that is not private (the scopes `library:read`, `channels:read`). */
  mayRead: boolean;
  /** What was shown. `wrong`: something that is no token of ours, nor of an issuer that is trusted. */
  pass: Pass | 'wrong' | undefined;
  /**
   * The origin of the page that asks; undefined for programs, which have none, and for pages of this installation.
   * In a frame that is the site around it.
   */
  site: string | undefined;
}

/** What is to be watched. */
export interface Guarded {
  id: string;
  rules: AccessRules;
  /** Counted up with every new password. */
  passwordVersion: number;
  /** Sites that may embed what has no list of its own; `*` for all. */
  defaultSites: readonly string[];
}

export type Verdict =
  /** `untilMs`: nothing of what was looked at changes it before; undefined: ever. */
  | { may: true; untilMs: number | undefined }
  /** `fromMs`: before then nothing will be different, where that is known. */
  | { may: false; refusal: WatchRefusal; fromMs?: number };

/**
 * May somebody watch something? Of everything that has a say in it but two: how many watch already, and an operator's
 * own service.
 */
export function mayWatch(thing: Guarded, asker: Asker, nowMs: number): Verdict {
  if (asker.mayChange) return { may: true, untilMs: undefined };
  const { visibility, endsAt } = thing.rules;
  const need = NEEDS[visibility](asker);
  // Of what is private nobody else is told anything, unless they hold a token that names it.
  if (visibility === 'private' && !names(asker.pass, thing)) return refused('gone');
  const outside = outsideTimes(thing, nowMs) ?? outsideSites(thing, asker);
  if (outside === 'notYet') return refused(outside, startOf(thing));
  if (outside !== undefined) return refused(outside);
  const endsMs = endsAt === null ? undefined : Date.parse(endsAt);
  if (need === undefined) return { may: true, untilMs: endsMs };
  const fault = faultOf(asker.pass, thing, asker, nowMs);
  if (fault !== undefined) return refused(fault === 'none' ? need : fault);
  return { may: true, untilMs: earliest(endsMs, expiryOf(asker.pass)) };
}

/** What is to be shown, beside what is known of who asks. Nothing: undefined. */
const NEEDS: Record<Visibility, (asker: Asker) => WatchRefusal | undefined> = {
  public: () => undefined,
  unlisted: () => undefined,
  signedIn: ({ isSignedIn, mayRead }) => (isSignedIn || mayRead ? undefined : 'signIn'),
  password: ({ mayRead }) => (mayRead ? undefined : 'password'),
  token: ({ mayRead }) => (mayRead ? undefined : 'token'),
  private: () => 'gone',
};

/** Said for this very thing, by somebody who signed it, whatever has become of it since. */
function names(pass: Asker['pass'], { id }: Guarded): boolean {
  return typeof pass === 'object' && pass.thingId === id && pass.passwordVersion === undefined;
}

/** What is the matter with a pass? `none`: there is none. */
function faultOf(
  pass: Asker['pass'],
  thing: Guarded,
  { site }: Asker,
  nowMs: number,
): WatchRefusal | 'none' | undefined {
  if (pass === undefined) return 'none';
  if (pass === 'wrong' || !isFor(pass, thing)) return 'wrongToken';
  if (pass.isRevoked || isOfOldPassword(pass, thing)) return 'revoked';
  if (pass.notBeforeMs > nowMs) return 'notYet';
  if (pass.expiresAtMs <= nowMs) return 'expired';
  return site === undefined || allows(pass.sites ?? ['*'], site) ? undefined : 'site';
}

/** What a password was said for opens nothing but what asks for one. */
function isFor({ thingId, passwordVersion }: Pass, { id, rules }: Guarded): boolean {
  if (thingId !== id && thingId !== '*') return false;
  return passwordVersion === undefined || rules.visibility === 'password';
}

function isOfOldPassword(pass: Pass, thing: Guarded): boolean {
  return pass.passwordVersion !== undefined && pass.passwordVersion !== thing.passwordVersion;
}

function outsideTimes({ rules }: Guarded, nowMs: number): WatchRefusal | undefined {
  if (rules.startsAt !== null && nowMs < Date.parse(rules.startsAt)) return 'notYet';
  return rules.endsAt !== null && nowMs >= Date.parse(rules.endsAt) ? 'over' : undefined;
}

/** The installation's own pages always may; programs are on no site. */
function outsideSites({ rules, defaultSites }: Guarded, { site }: Asker): WatchRefusal | undefined {
  if (site === undefined || allows(rules.embedSites ?? defaultSites, site)) return undefined;
  return 'site';
}

function allows(sites: readonly string[], site: string): boolean {
  return sites.includes('*') || sites.includes(site);
}

function expiryOf(pass: Asker['pass']): number | undefined {
  return typeof pass === 'object' ? pass.expiresAtMs : undefined;
}

function earliest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function startOf({ rules: { startsAt } }: Guarded): number | undefined {
  return startsAt === null ? undefined : Date.parse(startsAt);
}

function refused(refusal: WatchRefusal, fromMs?: number): Verdict {
  return { may: false, refusal, ...(fromMs !== undefined && { fromMs }) };
}

/** May it stand in a list that is made for whoever asks? What is to be opened by something shown stands in none. */
export function mayBeListed(thing: Guarded, asker: Asker, nowMs: number): boolean {
  if (asker.mayChange) return true;
  const { visibility } = thing.rules;
  if (asker.mayRead) return visibility !== 'private';
  const isListed = visibility === 'public' || (visibility === 'signedIn' && asker.isSignedIn);
  return isListed && mayWatch(thing, asker, nowMs).may;
}
