/** Whoever is logged in uploads from pages of the server, and no other page does it in their name. */
import { expect, test } from '@jest/globals';
import { startApp } from './support/app.ts';
import { recordSecret } from './support/run-record.ts';
import { Uploader } from './support/uploading.ts';

test('an account uploads from a page of this server, and from no other', async () => {
  const server = await startApp({ ADMIN_TOKEN: '' });
  try {
    const link = (await server.app.newSetupLink()) ?? '';
    const answer = await fetch(`${server.url}/api/v1/setup`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ token: link.split('#setup=')[1], name: 'ada', password: 'a password of hers' },
      }),
    });
    expect(answer.status).toBe(201);
    const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
    const cookie = cookies.join('; ');
    recordSecret('a session', cookie.split('=')[1]);
    const page = new Uploader(server.url, { cookie, origin: server.url });
    const { path, assetId } = await page.begin('a.mp4', 10);
    expect((await page.part(path, 0, Buffer.alloc(4))).status).toBe(204);
    const elsewhere = new Uploader(server.url, { cookie, origin: 'https://evil.example' });
    expect((await elsewhere.part(path, 4, Buffer.alloc(4))).status).toBe(403);
    expect((await elsewhere.ask('DELETE', path)).status).toBe(403);
    expect((await elsewhere.announce({ filename: 'b.mp4' }, 10)).status).toBe(403);
    expect(await page.asset(assetId)).toMatchObject({ owner: { name: 'ada' } });
    expect(await page.offset(path)).toBe(4);
  } finally {
    await server.close();
  }
});
