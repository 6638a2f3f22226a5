import * as z from 'zod';
import {
  type AccountInfo,
  accountSchema,
  auditEntrySchema,
  type Invitation,
  invitationSchema,
  type LoginSession,
  loginSessionSchema,
  type Role,
} from '../../../signaling/contract/index.ts';
import { call } from '../api.ts';

const madeInvitationSchema = invitationSchema.extend({ token: z.string() });

const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema),
  cursor: z.string().nullable(),
});
export type AuditPage = z.output<typeof auditPageSchema>;

export async function listAccounts(): Promise<AccountInfo[]> {
  const list = z.object({ accounts: z.array(accountSchema) });
  return list.parse(await call('GET', '/accounts')).accounts;
}

export async function updateAccount(
  id: string,
  changes: { role?: Role; disabled?: boolean },
): Promise<void> {
  await call('PATCH', `/accounts/${id}`, changes);
}

export async function deleteAccount(id: string): Promise<void> {
  await call('DELETE', `/accounts/${id}`);
}

/** @param account whose; one's own where none is named */
export async function listLogins(account?: string): Promise<LoginSession[]> {
  const query = account === undefined ? '' : `?account=${encodeURIComponent(account)}`;
  const list = z.object({ logins: z.array(loginSessionSchema) });
  return list.parse(await call('GET', `/logins${query}`)).logins;
}

export async function endLogin(id: string): Promise<void> {
  await call('DELETE', `/logins/${id}`);
}

export async function changePassword(password: string, newPassword: string): Promise<void> {
  await call('PUT', '/session/password', { password, newPassword });
}

export async function listInvitations(): Promise<Invitation[]> {
  const list = z.object({ invitations: z.array(invitationSchema) });
  return list.parse(await call('GET', '/invitations')).invitations;
}

/** @returns its token, which is told this once */
export async function invite(wanted: {
  role: Role;
  note: string;
  expiresInSeconds: number;
}): Promise<string> {
  return madeInvitationSchema.parse(await call('POST', '/invitations', wanted)).token;
}

export async function takeBackInvitation(id: string): Promise<void> {
  await call('DELETE', `/invitations/${id}`);
}

/** Makes the account and logs it in. */
export async function acceptInvitation(
  token: string,
  name: string,
  password: string,
): Promise<void> {
  await call('POST', '/invitations/accept', { token, name, password });
}

/** @param action what is looked for; all where it is empty. @param cursor of the page before */
export async function listAudit(action: string, cursor?: string): Promise<AuditPage> {
  const query = new URLSearchParams();
  if (action !== '') query.set('action', action);
  if (cursor !== undefined) query.set('cursor', cursor);
  return auditPageSchema.parse(await call('GET', `/audit?${query.toString()}`));
}
