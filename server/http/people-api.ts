import type { Access } from '../access/access.ts';
import { mayDo, type Principal } from '../access/principal.ts';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { callerOf } from './caller.ts';
import type { Endpoints } from './endpoints.ts';
import { PEOPLE_OPERATIONS } from './people-operations.ts';
import type { OpenSession } from './session-api.ts';

/** `/accounts`, `/logins`, `/invitations`, `/session/password` and `/audit`. */
export function peopleApi(endpoints: Endpoints, access: Access, open: OpenSession): void {
  const { people, audit } = access;
  accountsApi(endpoints, access);
  invitationsApi(endpoints, access, open);
  endpoints
    .on(PEOPLE_OPERATIONS.listLogins, async ({ query, principal }) => {
      const accountId = whose(principal, query.account);
      if (accountId === undefined) return { logins: [] };
      return { logins: await people.listLogins(accountId, principal?.loginId) };
    })
    .on(PEOPLE_OPERATIONS.endLogin, async ({ params, principal, note }) => {
      note({ target: await people.endLogin(params.id, onlyOf(principal)) });
    })
    .on(PEOPLE_OPERATIONS.changePassword, async ({ body, principal, request, note }) => {
      if (principal === undefined) return;
      await people.changePassword(principal, body, callerOf(request));
      note({ target: principal.name });
    })
    .on(PEOPLE_OPERATIONS.listAudit, ({ query }) => audit.list(query));
}

function accountsApi(endpoints: Endpoints, { people }: Access): void {
  endpoints
    .on(PEOPLE_OPERATIONS.listAccounts, async () => ({ accounts: await people.accounts.list() }))
    .on(PEOPLE_OPERATIONS.updateAccount, async ({ params, body, note }) => {
      const account = await people.change(params.id, body);
      const { role, disabled } = account;
      note({ target: account.name, details: { role, disabled } });
      return account;
    })
    .on(PEOPLE_OPERATIONS.deleteAccount, async ({ params, note }) => {
      const { name, role } = await people.delete(params.id);
      note({ target: name, details: { role } });
    });
}

function invitationsApi(endpoints: Endpoints, { people }: Access, open: OpenSession): void {
  const { invitations } = people;
  endpoints
    .on(PEOPLE_OPERATIONS.listInvitations, async () => ({ invitations: await invitations.list() }))
    .on(PEOPLE_OPERATIONS.createInvitation, async ({ body, principal, note }) => {
      const { name = '', accountId } = principal ?? {};
      const { role, note: about } = body;
      note({ details: { role, ...(about !== '' && { note: about }) } });
      return invitations.create(body, { name, accountId });
    })
    .on(PEOPLE_OPERATIONS.revokeInvitation, ({ params }) => invitations.revoke(params.id))
    .on(PEOPLE_OPERATIONS.acceptInvitation, async ({ body, request, response, note }) => {
      const login = await people.accept(body, callerOf(request));
      const { name, role } = login;
      note({ actor: name, target: name, details: { role, by: 'invitation' } });
      return open(request, response, login);
    });
}

/** A token has no logins. @throws SfumatoError `forbidden` */
function whose(principal: Principal | undefined, asked: string | undefined): string | undefined {
  const own = principal?.kind === 'account' ? principal.id : undefined;
  if (asked === undefined || asked === own) return own;
  if (principal !== undefined && mayDo(principal, 'admin')) return asked;
  throw new SfumatoError('forbidden', 'Only administrators see where others are logged in.');
}

/** Administrators may do it with everybody's. */
export function onlyOf(principal: Principal | undefined): string | undefined {
  if (principal !== undefined && mayDo(principal, 'admin')) return undefined;
  return principal?.accountId ?? '';
}
