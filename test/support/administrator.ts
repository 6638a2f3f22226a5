import type { TestApp } from './app.ts';
import { recordSecret } from './run-record.ts';

/** Of the first account, in all tests. */
export const PASSWORD = 'correct horse battery staple';

/** Makes the first account of a server that has no ADMIN_TOKEN. @returns the cookie of its session */
export async function setUpAdministrator({ app, url }: TestApp): Promise<string> {
  const link = (await app.newSetupLink()) ?? '';
  recordSecret('the password', PASSWORD);
  const answer = await fetch(`${url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', origin: url },
    body: JSON.stringify({ token: link.split('setup=')[1], name: 'ada', password: PASSWORD }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  recordSecret('a session', cookie.split('=')[1]);
  return cookie;
}
