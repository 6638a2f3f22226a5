import { SfumatoError } from '../../signaling/contract/index.ts';

/** What a token may be for. `admin` includes the others. */
export const SCOPES = [
  'channels:read',
  'channels:write',
  'library:read',
  'library:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, as far as it was proved. */
export interface Principal {
  kind: 'account' | 'apiToken' | 'adminToken';
  /** Of the account or the token, for as long as there is one. */
  id: string;
  name: string;
  scopes: Scope[];
}

/** Whoever may change something may also read of it. */
const INCLUDED_IN: Partial<Record<Scope, Scope>> = {
  'channels:read': 'channels:write',
  'library:read': 'library:write',
};

export function mayDo({ scopes }: Pick<Principal, 'scopes'>, scope: Scope): boolean {
  if (scopes.includes('admin') || scopes.includes(scope)) return true;
  const including = INCLUDED_IN[scope];
  return including !== undefined && scopes.includes(including);
}

/** @throws SfumatoError `unauthorized` for nobody in particular, `forbidden` for somebody without the right */
export function demand(principal: Principal | undefined, scope: Scope): Principal {
  if (principal === undefined) {
    throw new SfumatoError('unauthorized', 'This needs a right that was not shown.', {
      hint: 'Log in at /admin, or send `Authorization: Bearer` with an API token.',
    });
  }
  if (mayDo(principal, scope)) return principal;
  throw new SfumatoError('forbidden', `This token may not do that: it lacks the scope ${scope}.`);
}
