import { z } from 'zod';

/** Who looks at a page, and what they may do: for what the page offers. The server decides again. */
export type Session = {
  /** Of the account; null where nobody is logged in. */
  id: string | null;
  name: string | null;
  mayRead: boolean;
  mayWrite: boolean;
  mayAdminister: boolean;
};

export const NOBODY: Session = {
  ...{ id: null, name: null, mayRead: false, mayWrite: false, mayAdminister: false },
};

const answerSchema = z.object({
  principal: z.object({ id: z.string(), name: z.string(), scopes: z.array(z.string()) }).nullable(),
});

/** @param answer of `GET /api/v1/session`. @throws where it is none */
export function sessionOf(answer: unknown): Session {
  const { principal } = answerSchema.parse(answer);
  if (principal === null) return NOBODY;
  const { id, name, scopes } = principal;
  const mayAdminister = scopes.includes('admin');
  const mayWrite = mayAdminister || scopes.includes('library:write');
  const mayRead = mayWrite || scopes.includes('library:read');
  return { id, name, mayRead, mayWrite, mayAdminister };
}

/** May they change it, an Asset or a collection? Names may be alike, ids are not. */
export function mayChange(
  { id, mayWrite, mayAdminister }: Session,
  { owner }: { owner?: { id: string } | undefined },
): boolean {
  return mayAdminister || (mayWrite && owner !== undefined && owner.id === id);
}
