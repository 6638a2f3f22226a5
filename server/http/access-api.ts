import type { Request, Response } from 'express';
import type { Access, Login } from '../access/access.ts';
import type { RequestCredentials } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { OPERATIONS } from './operations.ts';

/** `/session`, `/setup` and `/tokens`. */
export function accessApi(
  endpoints: Endpoints,
  access: Access,
  credentials: RequestCredentials,
): void {
  const open = async (request: Request, response: Response, login: Login) => {
    // The browser's earlier session does not live on beside the new one.
    const { session } = credentials.read(request);
    if (session !== undefined) await access.logOut(session);
    credentials.set(request, response, login.token);
    return { name: login.name };
  };
  endpoints
    .on(OPERATIONS.getSession, ({ principal = null }) => ({ principal }))
    .on(OPERATIONS.logIn, async ({ body, request, response }) =>
      open(request, response, await access.logIn(body, addressOf(request))),
    )
    .on(OPERATIONS.logOut, async ({ request, response }) => {
      const { session } = credentials.read(request);
      if (session !== undefined) await access.logOut(session);
      credentials.clear(request, response);
    })
    .on(OPERATIONS.setUp, async ({ body, request, response }) =>
      open(request, response, await access.setUp(body, addressOf(request))),
    )
    .on(OPERATIONS.listTokens, async () => ({ tokens: await access.apiTokens.list() }))
    .on(OPERATIONS.createToken, ({ body }) => access.apiTokens.create(body.name, body.scopes))
    .on(OPERATIONS.revokeToken, ({ params }) => access.apiTokens.revoke(params.id));
}

function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}
