import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Access } from '../access/access.ts';
import type { RequestCredentials } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { OPERATIONS } from './operations.ts';
import { onlyOf, peopleApi } from './people-api.ts';
import { openSession, sessionApi } from './session-api.ts';
import { signInApi } from './sign-in-api.ts';

/** Who may do what, and who asks. */
export function accessApi(
  endpoints: Endpoints,
  access: Access,
  { credentials, publicUrl }: { credentials: RequestCredentials; publicUrl: string | undefined },
): void {
  const open = openSession(access, credentials);
  sessionApi(endpoints, access, credentials);
  peopleApi(endpoints, access, open);
  signInApi(endpoints, access, { credentials, open, publicUrl });
  tokensApi(endpoints, access);
}

/** `/tokens`. */
function tokensApi(endpoints: Endpoints, access: Access): void {
  endpoints
    .on(OPERATIONS.listTokens, async ({ principal }) => ({
      tokens: await access.apiTokens.list(onlyOf(principal)),
    }))
    .on(OPERATIONS.createToken, async ({ body, principal, note }) => {
      if (principal === undefined) throw new SfumatoError('unauthorized', 'Nobody asks.');
      const token = await access.apiTokens.create(body, principal);
      const { expiresAt } = token;
      const scopes = token.scopes.join(' ');
      note({ target: token.name, details: { scopes, ...(expiresAt !== null && { expiresAt }) } });
      return token;
    })
    .on(OPERATIONS.revokeToken, async ({ params, principal, note }) => {
      note({ target: await access.revokeToken(params.id, onlyOf(principal)) });
    });
}
