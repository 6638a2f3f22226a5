import { SfumatoError } from '../../signaling/contract/index.ts';

/** What a token may be for. `admin` includes the others. */
export const SCOPES = ['channels:read', 'channels:write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, as far as it was proved. */
export interface Principal {
  kind: 'account' | 'apiToken' | 'adminToken';
  name: string;
  scopes: Scope[];
}

/** May it? Whoever may change Channels may also read of them. */
export function mayDo({ scopes }: Principal, scope: Scope): boolean {
  if (scopes.includes('admin') || scopes.includes(scope)) return true;
  return scope === 'channels:read' && scopes.includes('channels:write');
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
