import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { PEOPLE_OPERATIONS } from '../server/http/people-operations.ts';
import { ROLES } from '../signaling/contract/index.ts';
import { PASSWORD, setUpAdministrator } from './support/administrator.ts';
import { ApiClient, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from './support/databases.ts';
import { anAddress, newPerson, type Person } from './support/people.ts';
import { recordingLogger } from './support/run-record.ts';
import { ASKERS, type Asker, NEW_PASSWORD, rightsByRole } from './support/rights-by-role.ts';
import { openBroadcast } from './support/sending-socket.ts';

const ADMIN_TOKEN = 'admin-token-of-the-people-api-0123456789';

const idSchema = z.looseObject({ id: z.string() });

describe.each(DATABASE_KINDS)('the API of people, on %s', (kind) => {
  let databases: TestDatabases;
  let server: TestApp;
  let api: ApiClient;
  const people = new Map<Asker, Record<string, string>>();
  const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const seen = new Set<string>();
  const logged: string[] = [];

  beforeAll(async () => {
    databases = await testDatabases(kind);
    const { dataDir, url } = await databases.create();
    const log = recordingLogger((line) => logged.push(line), 'trace');
    const settings = { DATA_DIR: dataDir, DATABASE_URL: url ?? '', WORKERS: '1' };
    // An administrator that nobody invited, as an installation of before has one.
    const first = await startApp(settings, log);
    const cookie = await setUpAdministrator(first);
    await first.close();
    server = await startApp({ ...settings, ADMIN_TOKEN }, log);
    api = await ApiClient.create(server.url, seen);
    people.set('nobody', { origin: server.url });
    people.set('administrator', { cookie, origin: server.url });
    for (const role of ['viewer', 'broadcaster', 'editor'] as const) {
      people.set(role, (await person(role)).headers);
    }
    const token = await api.call('/tokens', {
      method: 'POST',
      body: { name: 'of the table', scopes: ['channels:write', 'library:write'] },
      headers: admin,
    });
    const secret = z.looseObject({ token: z.string() }).parse(token.body).token;
    people.set('token', { authorization: `Bearer ${secret}` });
  });
  afterAll(async () => {
    await server.close();
    await databases.close();
  });

  const person = (role: (typeof ROLES)[number]) =>
    newPerson({ api, url: server.url }, { role, administrator: admin });
  const asAdmin = (path: string, call: Call = {}) => api.call(path, { ...call, headers: admin });
  const as = (who: Pick<Person, 'headers'>, path: string, call: Call = {}) =>
    api.call(path, { ...call, headers: { ...who.headers, ...call.headers } });
  const made = async (path: string, body: object) =>
    idSchema.parse((await asAdmin(path, { method: 'POST', body })).body).id;
  const loginOf = async (who: Person) => {
    const { body } = await as(who, '/logins');
    return z.object({ logins: z.array(idSchema) }).parse(body).logins[0]?.id ?? '';
  };
  const del: Call = { method: 'DELETE' };
  const post = (body: object): Call => ({ method: 'POST', body });

  const token = { name: 'x', scopes: ['library:read'] };
  const channel = async () => {
    const id = `of-the-table-${anAddress().replaceAll('.', '-')}`;
    return made('/channels', { id, title: 'x' });
  };

  const table = rightsByRole({ person, loginOf, made, channel });

  test.each(table)('%s: who may', async (_name, ask, expected) => {
    const statuses: number[] = [];
    for (const asker of ASKERS) {
      const [path, call] = await ask();
      const headers = { 'x-forwarded-for': anAddress(), ...call.headers, ...people.get(asker) };
      statuses.push((await api.call(path, { ...call, headers })).status);
    }
    expect(statuses).toEqual(expected);
  });

  test('the table has every operation of people', () => {
    const named = table.map(([name]) => name.split(' ')[0]);
    const operations = Object.keys(PEOPLE_OPERATIONS).filter((name) => !name.endsWith('SignIn'));
    expect(operations.filter((name) => !named.includes(name))).toEqual([]);
  });

  test.each(
    Object.entries(PEOPLE_OPERATIONS).flatMap(([name, { method, path }]) =>
      method === 'get' ? [] : [[name, method, path] as const],
    ),
  )('%s: a cookie does not help pages of others', async (_name, method, path) => {
    const id = '00000000-0000-4000-8000-000000000000';
    const { cookie = '' } = people.get('administrator') ?? {};
    const forged: Record<string, string>[] = [
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie },
    ];
    for (const headers of forged) {
      const call = { method: method.toUpperCase(), body: {}, headers };
      expect((await api.call(path.replace(':id', id), call)).status).toBe(403);
    }
  });

  test('who asks is said with role; where one signs in elsewhere, too', async () => {
    const editor = await person('editor');
    expect((await as(editor, '/session')).body).toEqual({
      principal: {
        ...{ kind: 'account', id: editor.id, name: editor.name, role: 'editor', external: false },
        scopes: ['channels:write', 'library:write', 'playback:issue'],
      },
      signInWith: null,
    });
  });

  test('a login is listed with address and browser, not with its secret, and ended', async () => {
    const someone = await person('viewer');
    const login = await api.call('/session', {
      method: 'POST',
      body: { name: someone.name, password: PASSWORD },
      headers: { origin: server.url, 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Lynx' },
    });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { body } = await as(someone, '/logins');
    const { logins } = z.object({ logins: z.array(z.looseObject({ id: z.string() })) }).parse(body);
    expect(logins).toEqual([
      expect.objectContaining({ address: '203.0.113.9', userAgent: 'Lynx', current: false }),
      expect.objectContaining({ accountId: someone.id, current: true }),
    ]);
    expect(JSON.stringify(body)).not.toContain(cookie.split('=')[1] ?? '?');
    expect((await as(someone, `/logins/${logins[0]?.id}`, del)).status).toBe(204);
    const other = { headers: { cookie, origin: server.url } };
    expect((await as(other, '/session')).body).toMatchObject({ principal: null });
    expect((await as(other, '/logins')).status).toBe(401);
    expect((await as(someone, `/logins/${logins[0]?.id}`, del)).status).toBe(404);
  });

  test('one’s own password: the present one is needed, other logins end', async () => {
    const someone = await person('broadcaster');
    const logIn = (password: string) =>
      api.call('/session', {
        ...post({ name: someone.name, password }),
        headers: { origin: server.url, 'x-forwarded-for': anAddress() },
      });
    const other = await logIn(PASSWORD);
    const cookie = other.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const put = (password: string, newPassword: string) =>
      as(someone, '/session/password', { method: 'PUT', body: { password, newPassword } });
    expect((await put(PASSWORD, 'short')).status).toBe(400);
    expect((await put('wrong', NEW_PASSWORD)).status).toBe(403);
    expect((await put(PASSWORD, NEW_PASSWORD)).status).toBe(204);
    expect((await as({ headers: { cookie, origin: server.url } }, '/logins')).status).toBe(401);
    expect((await as(someone, '/logins')).status).toBe(200);
    expect((await logIn(PASSWORD)).status).toBe(401);
    expect((await logIn(NEW_PASSWORD)).status).toBe(200);
  });

  test('an invitation works once', async () => {
    const invited = await asAdmin('/invitations', post({ role: 'editor', expiresInSeconds: 600 }));
    const { token: secret } = z.looseObject({ token: z.string() }).parse(invited.body);
    expect(JSON.stringify((await asAdmin('/invitations')).body)).not.toContain(secret);
    const accept = (name: string) =>
      api.call('/invitations/accept', {
        ...post({ token: secret, name, password: PASSWORD }),
        headers: { origin: server.url, 'x-forwarded-for': anAddress() },
      });
    expect((await accept('ADA')).status).toBe(409);
    const first = await accept('Katherine');
    expect([first.status, first.body]).toEqual([201, { name: 'katherine' }]);
    expect((await accept('dorothy')).status).toBe(401);
  });

  test('the last administrator stays', async () => {
    const { body } = await asAdmin('/accounts');
    const { accounts } = z
      .object({ accounts: z.array(z.looseObject({ id: z.string(), role: z.string() })) })
      .parse(body);
    const administrators = accounts.filter(({ role }) => role === 'administrator');
    expect(administrators).toHaveLength(1);
    const path = `/accounts/${administrators[0]?.id}`;
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      expect((await asAdmin(path, { method: 'PATCH', body: change })).status).toBe(409);
    }
    expect((await asAdmin(path, del)).status).toBe(409);
    expect((await asAdmin(path, { method: 'PATCH', body: {} })).status).toBe(400);
  });

  test('a token belongs to whoever made it, and ends with them', async () => {
    const editor = await person('editor');
    const { body } = await as(editor, '/tokens', post({ ...token, expiresInSeconds: 3600 }));
    const { token: secret } = z.looseObject({ token: z.string() }).parse(body);
    const headers = { authorization: `Bearer ${secret}` };
    const use = async () => (await api.call('/assets', { headers })).status;
    expect(await use()).toBe(200);
    expect((await as(editor, '/tokens')).body).toEqual({
      tokens: [
        expect.objectContaining({
          ...{ owner: { id: editor.id, name: editor.name }, name: 'x' },
          ...{ expiresAt: expect.any(String), lastUsedAt: expect.any(String) },
        }),
      ],
    });
    const patch = (changes: object) =>
      asAdmin(`/accounts/${editor.id}`, { method: 'PATCH', body: changes });
    await patch({ disabled: true });
    expect(await use()).toBe(401);
    await patch({ disabled: false });
    expect(await use()).toBe(200);
    await asAdmin(`/accounts/${editor.id}`, del);
    expect(await use()).toBe(401);
  });

  describe('going live without a stream key', () => {
    const live = async (who: { headers: Record<string, string> } | undefined, channelId: string) =>
      openBroadcast(server.url, { channelId }, who?.headers);

    test('may who has the right to, on Channels that take somebody', async () => {
      const channelId = await channel();
      for (const role of ['broadcaster', 'editor', 'administrator'] as const) {
        (await live(await person(role), channelId)).close();
      }
      await expect(live(await person('viewer'), channelId)).rejects.toThrow('forbidden');
      await expect(live(undefined, channelId)).rejects.toThrow('unauthorized');
      const broadcaster = await person('broadcaster');
      await expect(live(broadcaster, 'missing')).rejects.toThrow('notFound');
      const ofOthers = { headers: { ...broadcaster.headers, origin: 'https://evil.example' } };
      await expect(live(ofOthers, channelId)).rejects.toThrow();
    });

    test.each<[string, (who: Person) => Promise<unknown>]>([
      ['is made less', (who) => change(who, { role: 'viewer' })],
      ['is disabled', (who) => change(who, { disabled: true })],
      ['is deleted', (who) => asAdmin(`/accounts/${who.id}`, del)],
      ['is logged out', async (who) => asAdmin(`/logins/${await loginOf(who)}`, del)],
      ['logs out', (who) => as(who, '/session', del)],
    ])('ends within two seconds for who %s', async (_what, lose) => {
      const who = await person('broadcaster');
      const broadcast = await live(who, await channel());
      await lose(who);
      const startedAt = performance.now();
      expect(await broadcast.ended).toEqual({ reason: 'rightLost' });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      broadcast.close();
    });

    const change = (who: Person, body: object) =>
      asAdmin(`/accounts/${who.id}`, { method: 'PATCH', body });
  });

  test('everything of this was written down, without a secret', async () => {
    const entries: z.infer<typeof entrySchema>[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = pageSchema.parse((await asAdmin(`/audit?limit=20${query}`)).body);
      entries.push(...page.entries);
      ({ cursor } = page);
    }
    const actions = new Set(entries.map(({ action }) => action));
    expect([...actions].toSorted()).toEqual(
      expect.arrayContaining([
        ...['account.changed', 'account.created', 'account.deleted', 'account.passwordChanged'],
        ...['channel.created', 'channel.deleted', 'invitation.created', 'invitation.revoked'],
        ...['session.ended', 'session.failed', 'session.opened', 'streamKey.rotated'],
        ...['token.created', 'token.revoked'],
      ]),
    );
    expect(entries.at(-1)).toMatchObject({
      ...{ action: 'account.created', actor: 'ada', target: 'ada', address: '127.0.0.1' },
      details: { role: 'administrator', by: 'setup' },
    });
    expect(entries).toContainEqual(
      expect.objectContaining({
        ...{ action: 'account.created', target: 'katherine', actor: 'katherine' },
        details: { role: 'editor', by: 'invitation' },
      }),
    );
    const said = JSON.stringify(entries);
    const { cookie = '' } = people.get('administrator') ?? {};
    for (const secret of [PASSWORD, NEW_PASSWORD, ADMIN_TOKEN, cookie, 'sk_', 'api_']) {
      expect(said).not.toContain(secret);
      if (secret.length > 4) expect(logged.join('\n')).not.toContain(secret);
    }
  });

  const entrySchema = z.looseObject({ action: z.string() });
  const pageSchema = z.object({
    entries: z.array(entrySchema),
    cursor: z.string().nullable(),
  });

  test('a name that is none is not written down: it may be a password', async () => {
    const guess = (name: string) =>
      api.call('/session', {
        ...post({ name, password: 'x' }),
        headers: { origin: server.url, 'x-forwarded-for': anAddress() },
      });
    await guess('my-secret-password');
    await guess('ada');
    const { body } = await asAdmin('/audit?action=session.failed&limit=2');
    expect(z.object({ entries: z.array(z.unknown()) }).parse(body).entries).toEqual([
      expect.objectContaining({ target: 'ada', actor: null }),
      expect.objectContaining({ target: null, actor: null }),
    ]);
    expect(JSON.stringify(body)).not.toContain('my-secret-password');
  });

  test('every answer of every operation was seen and is as described', () => {
    const own = Object.entries(PEOPLE_OPERATIONS).filter(([name]) => !name.endsWith('SignIn'));
    const expected = own.map(
      ([, { method, path, status }]) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${status}`,
    );
    expect([...seen].filter((one) => expected.includes(one)).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});
