import type { Request, Response } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Access } from '../access/access.ts';
import type { Caller } from '../access/people/logins.ts';
import type { Login } from '../access/people/people.ts';
import { callerOf } from './caller.ts';
import type { RequestCredentials } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { OPERATIONS } from './operations.ts';

/** Gives a browser its login. */
export type OpenSession = (
  request: Request,
  response: Response,
  login: Login,
) => Promise<{ name: string }>;

/** The browser's earlier login does not live on beside the new one. */
export function openSession(access: Access, credentials: RequestCredentials): OpenSession {
  return async (request, response, login) => {
    const { session } = credentials.read(request);
    if (session !== undefined) await access.people.logOut(session);
    credentials.set(request, response, login.token);
    return { name: login.name };
  };
}

/** `/session` and `/setup`. */
export function sessionApi(
  endpoints: Endpoints,
  access: Access,
  credentials: RequestCredentials,
): void {
  const { people, oidc } = access;
  const open = openSession(access, credentials);
  const signInWith = oidc === undefined ? null : { name: oidc.name };
  endpoints
    .on(OPERATIONS.getSession, ({ principal = null }) => ({ principal, signInWith }))
    .on(OPERATIONS.logIn, async ({ body, request, response, note }) => {
      const login = await logIn(access, body, callerOf(request));
      note({ actor: login.name, target: login.name });
      return open(request, response, login);
    })
    .on(OPERATIONS.logOut, async ({ request, response }) => {
      const { session } = credentials.read(request);
      const name = session === undefined ? undefined : await people.logOut(session);
      credentials.clear(request, response);
      if (name === undefined) return;
      const { address } = callerOf(request);
      await access.audit.write({ action: 'session.ended', actor: name, target: name, address });
    })
    .on(OPERATIONS.setUp, async ({ body, request, response, note }) => {
      const login = await people.setUp(body, callerOf(request));
      const details = { role: 'administrator', by: 'setup' };
      note({ actor: login.name, target: login.name, details });
      return open(request, response, login);
    });
}

/** @throws SfumatoError `unauthorized`, `tooMany` */
async function logIn(
  { people, audit }: Access,
  body: { name: string; password: string },
  from: Caller,
): Promise<Login> {
  try {
    return await people.logIn(body, from);
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'unauthorized') {
      // What is no name of an account may be a password in the wrong field.
      const target = (await people.accounts.isName(body.name)) ? body.name : undefined;
      await audit.write({ action: 'session.failed', target, address: from.address });
    }
    throw error;
  }
}
