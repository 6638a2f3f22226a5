import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import {
  DATABASE_KINDS,
  type TestDatabases,
  testDatabases,
} from '../../../test/support/databases.ts';
import type { Role } from '../../../signaling/contract/index.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { Access } from '../access.ts';
import type { RightsChange } from '../changes.ts';
import type { Principal, Scope } from '../principal.ts';

const log = pino({ level: 'silent' });
const PASSWORD = 'correct horse battery staple';
const FROM = { address: '192.0.2.1', userAgent: 'A browser' };
const DAY = 24 * 60 * 60 * 1000;
const NAMELESS: Principal = { kind: 'adminToken', id: 'x', name: 'ADMIN_TOKEN', scopes: ['admin'] };

describe.each(DATABASE_KINDS)('people on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let access: Access;
  let nowMs: number;
  let ada: { id: string; session: string };
  let told: RightsChange[];

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  afterAll(() => databases.close());
  beforeEach(async () => {
    db = await openDatabase({ ...(await databases.create()), log });
    nowMs = Date.parse('2026-01-02T03:04:05.678Z');
    access = new Access({ db, adminToken: undefined, now: () => nowMs, auditDays: 30 });
    const token = (await access.newSetupToken()) ?? '';
    const login = await access.people.setUp({ token, name: 'ada', password: PASSWORD }, FROM);
    ada = { id: (await principalOf(login.token)).id, session: login.token };
    told = [];
    access.onRightsChanged((who) => told.push(who));
  });
  afterEach(() => db.destroy());

  async function principalOf(session: string): Promise<Principal> {
    const found = await access.identify({ bearer: undefined, session });
    if (found === undefined) throw new Error('nobody is logged in');
    return found;
  }

  const isIn = async (session: string) =>
    (await access.identify({ bearer: undefined, session })) !== undefined;

  async function invite(role: Role, by: Principal = NAMELESS): Promise<string> {
    const wanted = { role, note: 'for somebody', expiresInSeconds: 3600 };
    return (await access.people.invitations.create(wanted, by)).token;
  }

  async function join(name: string, role: Role): Promise<{ id: string; session: string }> {
    const token = await invite(role);
    const login = await access.people.accept({ token, name, password: PASSWORD }, FROM);
    return { id: (await principalOf(login.token)).id, session: login.token };
  }

  const logIn = async (name: string, password = PASSWORD) =>
    (await access.people.logIn({ name, password }, FROM)).token;

  describe('accounts', () => {
    test('have the scopes of their role, at once when it changes', async () => {
      const bob = await join('bob', 'viewer');
      expect(await principalOf(bob.session)).toMatchObject({ role: 'viewer', scopes: [] });
      await access.people.change(bob.id, { role: 'broadcaster' });
      expect(await principalOf(bob.session)).toMatchObject({
        ...{ kind: 'account', name: 'bob', accountId: bob.id, external: false },
        scopes: ['channels:read', 'channels:publish'],
      });
      expect(told).toEqual([{ accountId: bob.id }]);
    });

    test('that are disabled are logged in nowhere and cannot log in, until they are enabled', async () => {
      const bob = await join('bob', 'editor');
      const made = await access.apiTokens.create(
        { name: 't', scopes: ['library:read'] },
        await principalOf(bob.session),
      );
      const token = () => access.identify({ bearer: made.token, session: undefined });
      expect(await token()).toMatchObject({ scopes: ['library:read'], accountId: bob.id });
      expect(await access.people.change(bob.id, { disabled: true })).toMatchObject({
        disabled: true,
      });
      expect(told).toEqual([{ accountId: bob.id }]);
      expect(await isIn(bob.session)).toBe(false);
      await expect(token()).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(logIn('bob')).rejects.toMatchObject({ code: 'unauthorized' });
      await access.people.change(bob.id, { disabled: false });
      expect(await isIn(bob.session)).toBe(false);
      expect(await isIn(await logIn('bob'))).toBe(true);
      expect(await token()).toMatchObject({ accountId: bob.id });
    });

    test('that are deleted take logins, API tokens and invitations with them', async () => {
      const eve = await join('eve', 'administrator');
      const principal = await principalOf(eve.session);
      const made = await access.apiTokens.create({ name: 't', scopes: ['admin'] }, principal);
      const invitation = await invite('administrator', principal);
      await access.people.delete(eve.id);
      expect(told).toEqual([{ accountId: eve.id }]);
      expect(await isIn(eve.session)).toBe(false);
      const bearer = made.token;
      await expect(access.identify({ bearer, session: undefined })).rejects.toThrow();
      const use = { token: invitation, name: 'mallory', password: PASSWORD };
      await expect(access.people.accept(use, FROM)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(access.people.delete(eve.id)).rejects.toMatchObject({ code: 'notFound' });
    });

    test.each([
      ['made less', (id: string) => access.people.change(id, { role: 'editor' })],
      ['disabled', (id: string) => access.people.change(id, { disabled: true })],
      ['deleted', (id: string) => access.people.delete(id)],
    ])('the last administrator cannot be %s; one of two can', async (_what, end) => {
      await join('bob', 'editor');
      await expect(end(ada.id)).rejects.toMatchObject({ code: 'conflict' });
      const eve = await join('eve', 'administrator');
      await access.people.change(eve.id, { disabled: true });
      await expect(end(ada.id)).rejects.toMatchObject({ code: 'conflict' });
      await access.people.change(eve.id, { disabled: false });
      await end(ada.id);
      await expect(end(eve.id)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('two administrators that end each other at once: one is left', async () => {
      const eve = await join('eve', 'administrator');
      const ends = [ada.id, eve.id].map((id) => access.people.change(id, { role: 'viewer' }));
      const outcomes = (await Promise.allSettled(ends)).map(({ status }) => status);
      expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    test('an administrator that is made less can invite nobody with what was sent before', async () => {
      const eve = await join('eve', 'administrator');
      const token = await invite('administrator', await principalOf(eve.session));
      await access.people.change(eve.id, { role: 'viewer' });
      const use = { token, name: 'mallory', password: PASSWORD };
      await expect(access.people.accept(use, FROM)).rejects.toMatchObject({ code: 'unauthorized' });
    });

    test('there is no set-up link beside an administrator', async () => {
      expect(await access.newSetupToken()).toBeUndefined();
    });
  });

  describe('invitations', () => {
    test('are for one use, with their role', async () => {
      const token = await invite('broadcaster');
      const uses = ['bob', 'eve'].map((name) =>
        access.people.accept({ token, name, password: PASSWORD }, FROM),
      );
      const outcomes = await Promise.allSettled(uses);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const accounts = await access.people.accounts.list();
      expect(accounts.map(({ role }) => role).toSorted()).toEqual(['administrator', 'broadcaster']);
      expect(await access.people.invitations.list()).toEqual([]);
    });

    test('are not used up by a name that is taken', async () => {
      const token = await invite('viewer');
      const accept = (name: string) =>
        access.people.accept({ token, name, password: PASSWORD }, FROM);
      await expect(accept('ada')).rejects.toMatchObject({ code: 'conflict' });
      expect(await accept('bob')).toMatchObject({ name: 'bob', role: 'viewer' });
      expect(await isIn(ada.session)).toBe(true);
      await expect(logIn('ada')).resolves.toEqual(expect.any(String));
    });

    test('end with their time, and when they are revoked', async () => {
      const accept = (token: string) =>
        access.people.accept({ token, name: 'bob', password: PASSWORD }, FROM);
      const late = await invite('viewer');
      nowMs += 3600 * 1000;
      await expect(accept(late)).rejects.toMatchObject({ code: 'unauthorized' });
      const revoked = await invite('viewer');
      const [listed] = await access.people.invitations.list();
      expect(listed).toEqual({
        ...{ id: expect.any(String), role: 'viewer', note: 'for somebody' },
        ...{ createdBy: 'ADMIN_TOKEN', createdAt: expect.any(String) },
        expiresAt: new Date(nowMs + 3600 * 1000).toISOString(),
      });
      await access.people.invitations.revoke(listed?.id ?? '');
      await expect(accept(revoked)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(access.people.invitations.revoke(listed?.id ?? '')).rejects.toMatchObject({
        code: 'notFound',
      });
    });

    test('are stored as hashes', async () => {
      const token = await invite('viewer');
      const rows = await db.selectFrom('invitations').selectAll().execute();
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toContain(token);
    });
  });

  describe('logins', () => {
    test('are listed with where they were opened, newest first, and ended one by one', async () => {
      nowMs += 1;
      const other = await logIn('ada');
      const { loginId = '' } = await principalOf(ada.session);
      const logins = await access.people.listLogins(ada.id, loginId);
      expect(logins.map(({ id, current }) => [id === loginId, current])).toEqual([
        [false, false],
        [true, true],
      ]);
      expect(logins[0]).toMatchObject({ address: '192.0.2.1', userAgent: 'A browser' });
      expect(JSON.stringify(logins)).not.toContain(other);
      const id = logins[0]?.id ?? '';
      const bob = await join('bob', 'viewer');
      const byBob = access.people.endLogin(id, bob.id);
      await expect(byBob).rejects.toMatchObject({ code: 'notFound' });
      expect(await isIn(other)).toBe(true);
      expect(await access.people.endLogin(id, ada.id)).toBe('ada');
      expect(told).toEqual([{ loginId: id, accountId: ada.id }]);
      expect([await isIn(other), await isIn(ada.session)]).toEqual([false, true]);
    });

    test('end with the password, but for the one that changed it', async () => {
      const other = await logIn('ada');
      const principal = await principalOf(ada.session);
      const change = (password: string, newPassword: string) =>
        access.people.changePassword(principal, { password, newPassword }, FROM);
      await expect(change('wrong', 'another long password')).rejects.toMatchObject({
        code: 'forbidden',
      });
      expect(await isIn(other)).toBe(true);
      await change(PASSWORD, 'another long password');
      expect([await isIn(other), await isIn(ada.session)]).toEqual([false, true]);
      expect(told).toEqual([{ accountId: ada.id }]);
      await expect(logIn('ada')).rejects.toMatchObject({ code: 'unauthorized' });
      expect(await isIn(await logIn('ada', 'another long password'))).toBe(true);
    });

    test('a token has no password', async () => {
      const passwords = { password: PASSWORD, newPassword: 'another long password' };
      const changed = access.people.changePassword(NAMELESS, passwords, FROM);
      await expect(changed).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('a login of one’s own does not give an address its guesses at others’ back', async () => {
      await join('mallory', 'viewer');
      const guess = () => logIn('ada', 'a guess').catch((error: unknown) => error);
      const codes: unknown[] = [];
      for (let round = 0; round < 8; round += 1) {
        await logIn('mallory').catch(() => undefined);
        for (let count = 0; count < 3; count += 1) codes.push(await guess());
      }
      expect(codes.at(0)).toMatchObject({ code: 'unauthorized' });
      expect(codes.at(-1)).toMatchObject({ code: 'tooMany' });
    });
  });

  describe('API tokens', () => {
    const make = (scopes: Scope[], by: Principal, expiresInSeconds?: number) =>
      access.apiTokens.create({ name: 'x', scopes, expiresInSeconds }, by);
    const show = (bearer: string) => access.identify({ bearer, session: undefined });

    test('have no more scopes than whoever makes them', async () => {
      const bob = await principalOf((await join('bob', 'editor')).session);
      await expect(make(['admin'], bob)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(make(['library:read', 'admin'], bob)).rejects.toMatchObject({
        code: 'forbidden',
      });
      expect(await make(['library:read', 'channels:publish'], bob)).toMatchObject({
        owner: { id: bob.id, name: 'bob' },
        expiresAt: null,
        lastUsedAt: null,
      });
    });

    test('may never do more than their account at the time', async () => {
      const bob = await join('bob', 'editor');
      const by = await principalOf(bob.session);
      const { token } = await make(['library:write', 'channels:read'], by);
      await access.people.change(bob.id, { role: 'broadcaster' });
      expect(await show(token)).toMatchObject({ scopes: ['channels:read'] });
      await access.people.change(bob.id, { role: 'viewer' });
      expect(await show(token)).toMatchObject({ scopes: [] });
    });

    test('end with their time; use is written down', async () => {
      const { id, token } = await make(['admin'], NAMELESS, 60);
      expect(await show(token)).toMatchObject({ id, scopes: ['admin'] });
      expect(await access.apiTokens.list()).toEqual([
        expect.objectContaining({
          ...{ id, owner: null, lastUsedAt: new Date(nowMs).toISOString() },
          expiresAt: new Date(nowMs + 60_000).toISOString(),
        }),
      ]);
      nowMs += 60_000;
      await expect(show(token)).rejects.toMatchObject({ code: 'unauthorized' });
    });

    test('of others are neither listed nor revoked', async () => {
      const bob = await join('bob', 'editor');
      const { id } = await make(['admin'], await principalOf(ada.session));
      expect(await access.apiTokens.list(bob.id)).toEqual([]);
      await expect(access.revokeToken(id, bob.id)).rejects.toMatchObject({ code: 'notFound' });
      expect(await access.revokeToken(id, ada.id)).toBe('x');
      expect(told).toEqual([{ tokenId: id }]);
    });
  });

  describe('the audit log', () => {
    const write = (action: 'token.created' | 'account.deleted', target: string) =>
      access.audit.write({ action, actor: 'ada', address: '192.0.2.1', target });
    const targets = async (query: { action?: string; cursor?: string; limit?: number } = {}) => {
      const page = await access.audit.list({ limit: 10, ...query });
      return { targets: page.entries.map(({ target }) => target), cursor: page.cursor };
    };

    test('is read newest first, page by page, whatever comes meanwhile', async () => {
      for (const target of ['a', 'b', 'c', 'd', 'e']) await write('token.created', target);
      const first = await targets({ limit: 2 });
      expect(first.targets).toEqual(['e', 'd']);
      await write('token.created', 'f');
      const second = await targets({ limit: 2, cursor: first.cursor ?? '' });
      expect(second.targets).toEqual(['c', 'b']);
      const last = await targets({ limit: 2, cursor: second.cursor ?? '' });
      expect(last).toEqual({ targets: ['a'], cursor: null });
      for (const cursor of ['', 'x', '????', Buffer.from('[1,2]').toString('base64url')]) {
        await expect(targets({ cursor })).rejects.toMatchObject({ code: 'badRequest' });
      }
    });

    test('is read by action', async () => {
      await write('token.created', 'a');
      await write('account.deleted', 'b');
      expect((await targets({ action: 'account.deleted' })).targets).toEqual(['b']);
      expect((await targets({ action: 'account' })).targets).toEqual(['b']);
      expect((await targets({ action: 'acc' })).targets).toEqual([]);
    });

    test('forgets what is older than it is to be kept', async () => {
      await write('token.created', 'old');
      nowMs += 29 * DAY;
      await write('token.created', 'young');
      expect((await targets()).targets).toEqual(['young', 'old']);
      nowMs += 2 * DAY;
      expect((await targets()).targets).toEqual(['young']);
      await write('token.created', 'new');
      expect(await db.selectFrom('auditEntries').selectAll().execute()).toHaveLength(2);
    });
  });
});
