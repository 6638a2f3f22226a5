import { z } from 'zod';
import type { Role } from '../../signaling/contract/index.ts';
import { PASSWORD } from './administrator.ts';
import type { ApiClient } from './api-client.ts';

export interface Person {
  id: string;
  name: string;
  /** With which a page of the server asks in their name. */
  headers: { cookie: string; origin: string };
}

let made = 0;

/** An address that nobody else has: attempts to log in are counted by it. */
export function anAddress(): string {
  made += 1;
  return `198.51.${Math.floor(made / 250)}.${(made % 250) + 1}`;
}

/** Invites somebody and has them come. @param administrator headers of one */
export async function newPerson(
  { api, url }: { api: ApiClient; url: string },
  { role, administrator }: { role: Role; administrator: Record<string, string> },
): Promise<Person> {
  const name = `${role}-${anAddress()}`;
  const invited = await api.call('/invitations', {
    method: 'POST',
    body: { role, note: name },
    headers: administrator,
  });
  const { token } = z.looseObject({ token: z.string() }).parse(invited.body);
  const accepted = await api.call('/invitations/accept', {
    method: 'POST',
    body: { token, name, password: PASSWORD },
    headers: { origin: url, 'x-forwarded-for': anAddress() },
  });
  const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const headers = { cookie, origin: url };
  const { body } = await api.call('/session', { headers });
  const { principal } = z.looseObject({ principal: z.looseObject({ id: z.string() }) }).parse(body);
  return { id: principal.id, name, headers };
}
