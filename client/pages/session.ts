import * as z from 'zod';
import { type Role, roleSchema } from '../../signaling/contract/index.ts';

/** Who looks at a page, and what they may do: for what the page offers. The server decides again. */
export type Session = {
  /** Of the account; null where nobody is logged in. */
  id: string | null;
  name: string | null;
  /** Of an account; null for nobody, and for what is none. */
  role: Role | null;
  /** Signs in at another service: there is no password here. */
  external: boolean;
  /** In the library. */
  mayRead: boolean;
  mayWrite: boolean;
  /** On Channels: look at how they are set, change them, go live on them. */
  maySeeChannels: boolean;
  mayChangeChannels: boolean;
  mayPublish: boolean;
  /** Make tokens with which others watch. */
  mayIssue: boolean;
  mayAdminister: boolean;
  /** What the service is called with which people can sign in; null where there is none. */
  signInWith: string | null;
};

export const NOBODY: Session = {
  ...{ id: null, name: null, role: null, external: false, signInWith: null },
  ...{ mayRead: false, mayWrite: false, mayIssue: false, mayAdminister: false },
  ...{ maySeeChannels: false, mayChangeChannels: false, mayPublish: false },
};

const answerSchema = z.object({
  principal: z
    .object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.string()),
      role: roleSchema.nullish(),
      external: z.boolean().nullish(),
    })
    .nullable(),
  signInWith: z.object({ name: z.string() }).nullish(),
});

/** @param answer of `GET /api/v1/session`. @throws where it is none */
export function sessionOf(answer: unknown): Session {
  const { principal, signInWith } = answerSchema.parse(answer);
  const service = { signInWith: signInWith?.name ?? null };
  if (principal === null) return { ...NOBODY, ...service };
  const { id, name, scopes, role = null, external } = principal;
  return { id, name, role, external: external ?? false, ...rightsOf(new Set(scopes)), ...service };
}

/** Whoever may change something may also read of it. */
function rightsOf(scopes: ReadonlySet<string>) {
  const mayAdminister = scopes.has('admin');
  const may = (...any: string[]) => mayAdminister || any.some((scope) => scopes.has(scope));
  return {
    mayAdminister,
    mayRead: may('library:read', 'library:write'),
    mayWrite: may('library:write'),
    maySeeChannels: may('channels:read', 'channels:write'),
    mayChangeChannels: may('channels:write'),
    mayPublish: may('channels:publish', 'channels:write'),
    mayIssue: may('playback:issue'),
  };
}

/** May they change it, an Asset or a collection? Editors look after all of it. Names may be alike, ids are not. */
export function mayChange(
  { id, role, mayWrite, mayAdminister }: Session,
  { owner }: { owner?: { id: string } | undefined },
): boolean {
  if (mayAdminister || role === 'editor') return true;
  return mayWrite && owner !== undefined && owner.id === id;
}
