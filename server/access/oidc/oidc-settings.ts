import type { Role } from '../../../signaling/contract/index.ts';

/** Another service at which people sign in (OpenID Connect). */
export interface OidcSettings {
  issuer: URL;
  clientId: string;
  /** None of a public client. */
  clientSecret: string | undefined;
  /** What people call it. */
  name: string;
  /** Separated by blanks. */
  scopes: string;
  roles: RoleSettings;
}

/** Who gets which role. */
export interface RoleSettings {
  /** The claim that says it; one within another by dots. Undefined: none does, and roles are given here. */
  claim: string | undefined;
  /** By what it says. */
  byValue: Readonly<Record<string, Role>>;
  /** Of everybody else; `none`: they are refused. */
  otherwise: Role | 'none';
}
