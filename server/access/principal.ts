import { type Role, SfumatoError } from '../../signaling/contract/index.ts';

/** What a token may be for. `admin` includes the others. */
export const SCOPES = [
  'channels:read',
  'channels:write',
  'channels:publish',
  'library:read',
  'library:write',
  'playback:issue',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What accounts may do. A viewer is signed in, and that is all. */
export const SCOPES_OF_ROLE: Record<Role, readonly Scope[]> = {
  administrator: ['admin'],
  editor: ['channels:write', 'library:write', 'playback:issue'],
  broadcaster: ['channels:read', 'channels:publish'],
  viewer: [],
};

/** Who asks, as far as it was proved. */
export interface Principal {
  kind: 'account' | 'apiToken' | 'adminToken';
  /** Of the account or the token, for as long as there is one. */
  id: string;
  name: string;
  scopes: Scope[];
  /** The account itself, or the one that a token belongs to. */
  accountId?: string;
  /** Of an account: the login by which it asks. */
  loginId?: string;
  role?: Role;
  /** Does the account sign in at another service? */
  external?: boolean;
}

/** Whoever may change something may also read of it; who may make another stream key, may go live without. */
const INCLUDED_IN: Partial<Record<Scope, Scope>> = {
  'channels:read': 'channels:write',
  'channels:publish': 'channels:write',
  'library:read': 'library:write',
};

export function mayDo({ scopes }: Pick<Principal, 'scopes'>, scope: Scope): boolean {
  if (scopes.includes('admin') || scopes.includes(scope)) return true;
  const including = INCLUDED_IN[scope];
  return including !== undefined && scopes.includes(including);
}

/** @throws SfumatoError `unauthorized` for nobody in particular, `forbidden` for somebody without the right */
export function demand(principal: Principal | undefined, scope: Scope): Principal {
  const known = demandSomebody(principal);
  if (mayDo(known, scope)) return known;
  throw new SfumatoError('forbidden', `This needs the scope ${scope}, which was not given.`, {
    hint: 'Administrators give roles to accounts, and scopes to API tokens.',
  });
}

/**
 * Whoever is logged in, whatever their role; of tokens such as may do everything.
 *
 * @throws SfumatoError `unauthorized` for nobody in particular, `forbidden` for other tokens
 */
export function demandLogin(principal: Principal | undefined): Principal {
  const known = demandSomebody(principal);
  if (known.kind === 'account' || mayDo(known, 'admin')) return known;
  throw new SfumatoError('forbidden', 'This is for people, and not for tokens.', {
    hint: 'A page of this server, where somebody is logged in, may ask this.',
  });
}

function demandSomebody(principal: Principal | undefined): Principal {
  if (principal !== undefined) return principal;
  throw new SfumatoError('unauthorized', 'This needs a right that was not shown.', {
    hint: 'Log in at /admin, or send `Authorization: Bearer` with an API token.',
  });
}
