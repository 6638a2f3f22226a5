import type { Request, Response } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Access } from '../access/access.ts';
import type { OidcSignIn } from '../access/oidc/oidc-sign-in.ts';
import type { RequestCredentials } from './credentials.ts';
import { callerOf } from './caller.ts';
import type { Endpoints } from './endpoints.ts';
import { originOf } from './own-origin.ts';
import { PEOPLE_OPERATIONS } from './people-operations.ts';
import type { OpenSession } from './session-api.ts';

export interface SignInDoor {
  credentials: RequestCredentials;
  open: OpenSession;
  publicUrl: string | undefined;
}

const CALLBACK = '/api/v1/sign-in/oidc/callback';
const HOME = '/admin';

/** `/sign-in/oidc`: a browser goes there, so it is sent on whatever happens. */
export function signInApi(endpoints: Endpoints, access: Access, door: SignInDoor): void {
  endpoints
    .on(PEOPLE_OPERATIONS.beginSignIn, ({ query, request, response }) =>
      sendOn(response, () => begin(demandOidc(access), door, { to: query.to, request, response })),
    )
    .on(PEOPLE_OPERATIONS.finishSignIn, ({ request, response }) =>
      sendOn(response, () => finish(access, door, request, response)),
    );
}

async function begin(
  oidc: OidcSignIn,
  { credentials, publicUrl }: SignInDoor,
  { to, request, response }: { to: string | undefined; request: Request; response: Response },
): Promise<string> {
  const origin = originOf(request, publicUrl);
  const asked = { redirectUri: origin + CALLBACK, returnTo: pathOfOurs(to, origin) };
  const { location, secret } = await oidc.begin(asked, callerOf(request));
  credentials.setSignIn(request, response, secret);
  return location;
}

async function finish(
  access: Access,
  { credentials, open, publicUrl }: SignInDoor,
  request: Request,
  response: Response,
): Promise<string> {
  const oidc = demandOidc(access);
  const secret = credentials.readSignIn(request);
  credentials.clearSignIn(request, response);
  const { search } = new URL(request.originalUrl, 'http://localhost');
  const url = new URL(originOf(request, publicUrl) + CALLBACK + search);
  const done = await writingFailure(access, request, () =>
    oidc.finish({ secret, url }, callerOf(request)),
  );
  await write(access, request, done);
  await open(request, response, done.login);
  return done.returnTo;
}

type Done = Awaited<ReturnType<OidcSignIn['finish']>>;

async function write({ audit }: Access, request: Request, done: Done): Promise<void> {
  const { account, isNew, formerRole } = done;
  const { address } = callerOf(request);
  const { name, role } = account;
  const by = { actor: name, target: name, address };
  if (isNew) await audit.write({ action: 'account.created', ...by, details: { role, by: 'oidc' } });
  if (formerRole !== undefined) {
    const details = { role, formerRole, disabled: false, by: 'oidc' };
    await audit.write({ action: 'account.changed', ...by, details });
  }
  await audit.write({ action: 'session.opened', ...by, details: { by: 'oidc' } });
}

async function writingFailure<T>(
  { audit, limits }: Access,
  request: Request,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SfumatoError) {
      const { address } = callerOf(request);
      // Anybody can come to this door with nothing: what is written of it has an end.
      await limits.signIn(address);
      const details = { by: 'oidc', why: error.message };
      await audit.write({ action: 'session.failed', address, details });
    }
    throw error;
  }
}

/** @param work says where to. What went wrong is said by the page, of which there is more to read. */
async function sendOn(response: Response, work: () => Promise<string>): Promise<void> {
  try {
    response.redirect(302, await work());
  } catch (error) {
    if (!(error instanceof SfumatoError) || error.code === 'notFound') throw error;
    const problem = [error.message, error.hint].filter(Boolean).join(' ');
    response.redirect(302, `${HOME}#problem=${encodeURIComponent(problem)}`);
  }
}

/** Nobody is sent to another site by a link to this one. */
function pathOfOurs(to: string | undefined, origin: string): string {
  const url = to?.startsWith('/') === true ? URL.parse(to, origin) : null;
  // `/.//other.example` is a path of ours that begins with `//`, which a browser takes for another host.
  if (url?.origin !== origin || url.pathname.startsWith('//')) return HOME;
  return url.pathname + url.search + url.hash;
}

function demandOidc({ oidc }: Access): OidcSignIn {
  if (oidc !== undefined) return oidc;
  throw new SfumatoError('notFound', 'No other service to sign in at is set up.', {
    hint: 'docs/access.md says how.',
  });
}
