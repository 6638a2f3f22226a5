import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { until } from '../../../test/support/live-server.ts';
import { TokenIssuer } from '../../../test/support/token-issuer.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import type { TokenFault } from './claims.ts';
import { Passes, type TrustedIssuer } from './passes.ts';

const log = pino({ level: 'silent' });

describe('tokens of another issuer', () => {
  let folder = '';
  let db: Database;
  let issuer: TokenIssuer;
  let passes: Passes;
  let faults: TokenFault[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-issuer-'));
    db = await openDatabase({ dataDir: folder, url: undefined, log });
    issuer = await TokenIssuer.start();
    faults = [];
    passes = trusting({});
  });
  afterEach(async () => {
    passes.close();
    await issuer.close();
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  function trusting(
    more: Partial<TrustedIssuer>,
    times: { keyCooldownMs?: number; keyMaxAgeMs?: number } = {},
  ): Passes {
    const one = { issuer: issuer.issuer, jwksUrl: issuer.jwksUrl, algorithms: ['ES256'], ...more };
    const onRefused = (fault: TokenFault) => void faults.push(fault);
    return new Passes({ db, publicUrl: undefined, issuers: [one], log, onRefused, ...times });
  }

  test('are read as ours are, and their clock may be a little off', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const token = await issuer.sign({ exp, nbf: exp - 60, origin: 'https://a.example', jti: 'x' });
    expect(await passes.read(token)).toEqual({
      ...{ id: 'x', subject: 'ada', thingId: 'studio', sites: ['https://a.example'] },
      ...{ notBeforeMs: (exp - 65) * 1000, expiresAtMs: (exp + 5) * 1000 },
      ...{ passwordVersion: undefined, isRevoked: false },
    });
    for (let count = 0; count < 10; count += 1) await passes.read(await issuer.sign());
    expect(issuer.fetches).toBe(1);
  });

  test('know no password of ours', async () => {
    const token = await issuer.sign({ passwordVersion: 3 });
    expect(await passes.read(token)).toMatchObject({ passwordVersion: undefined });
  });

  test('can be taken back, with a name of their own or without', async () => {
    for (const jti of ['their own', undefined]) {
      const token = await issuer.sign({ jti });
      const pass = await passes.read(token);
      if (pass === 'wrong') throw new Error('it is wrong');
      await passes.revoke(pass.id);
      expect(await passes.read(token)).toMatchObject({ id: pass.id, isRevoked: true });
    }
    expect(await passes.read(await issuer.sign({ jti: 'another' }))).toMatchObject({
      isRevoked: false,
    });
  });

  test.each<[string, Record<string, unknown>, TokenFault]>([
    ['for somebody else', { aud: 'https://shop.example' }, 'audience'],
    ['in the name of a third', { iss: 'https://third.example' }, 'issuer'],
    ['in our name', { iss: 'sfumato' }, 'algorithm'],
    ['that last too long', { exp: Math.floor(Date.now() / 1000) + 2 * 86_400 }, 'claims'],
    ['that are for logging in', { scope: 'openid profile' }, 'claims'],
  ])('are refused %s', async (_what, claims, fault) => {
    expect(await passes.read(await issuer.sign(claims))).toBe('wrong');
    expect(faults).toEqual([fault]);
  });

  test('are for whom the setting says', async () => {
    passes.close();
    passes = trusting({ audience: ['video', 'radio'] });
    expect(await passes.read(await issuer.sign({ aud: ['shop', 'radio'] }))).not.toBe('wrong');
    expect(await passes.read(await issuer.sign())).toBe('wrong');
  });

  test('an algorithm that the setting does not name is refused, though the key is right', async () => {
    await issuer.addKey('rsa', 'RS256');
    expect(await passes.read(await issuer.sign({}, 'rsa'))).toBe('wrong');
    expect(faults).toEqual(['algorithm']);
  });

  test('its keys are changed while they are in use', async () => {
    passes.close();
    passes = trusting({ algorithms: ['ES256', 'EdDSA'] }, { keyCooldownMs: 0 });
    const before = await issuer.sign();
    expect(await passes.read(before)).not.toBe('wrong');
    await issuer.addKey('second', 'EdDSA');
    const after = await issuer.sign({}, 'second');
    expect(await passes.read(after)).toMatchObject({ thingId: 'studio' });
    expect(await passes.read(before)).not.toBe('wrong');
    issuer.dropKey('first');
    await issuer.addKey('third');
    expect(await passes.read(await issuer.sign({}, 'third'))).not.toBe('wrong');
    // With the keys that came with the third, the first is gone.
    expect(await passes.read(before)).toBe('wrong');
    expect(await passes.read(after)).not.toBe('wrong');
    expect(faults).toEqual(['key']);
  });

  test('a key that is taken back is forgotten when its time is over', async () => {
    passes.close();
    passes = trusting({}, { keyCooldownMs: 0, keyMaxAgeMs: 50 });
    const token = await issuer.sign();
    expect(await passes.read(token)).not.toBe('wrong');
    await issuer.rotate('second');
    await until(async () => (await passes.read(token)) === 'wrong');
  });

  test('made-up names of keys do not bring us there again and again', async () => {
    const token = await issuer.sign();
    await passes.read(token);
    const [header = '', ...rest] = token.split('.');
    const decoded: object = JSON.parse(Buffer.from(header, 'base64url').toString());
    for (let count = 0; count < 20; count += 1) {
      const changed = JSON.stringify({ ...decoded, kid: `made-up-${count}` });
      const shown = [Buffer.from(changed).toString('base64url'), ...rest].join('.');
      expect(await passes.read(shown)).toBe('wrong');
    }
    expect(issuer.fetches).toBe(1);
  });

  test('many at once fetch the keys once', async () => {
    const token = await issuer.sign();
    const read = await Promise.all(Array.from({ length: 20 }, () => passes.read(token)));
    expect(read).not.toContain('wrong');
    expect(issuer.fetches).toBe(1);
  });

  describe('whose keys cannot be fetched', () => {
    test('from the beginning: nobody gets in, and the error says why and when', async () => {
      issuer.isDown = true;
      const token = await issuer.sign();
      const down = { code: 'unavailable', retryAfterSeconds: 10 };
      await expect(passes.read(token)).rejects.toMatchObject(down);
      await expect(passes.read(token)).rejects.toMatchObject(down);
      expect(issuer.fetches).toBe(1);
    });

    test('later: those from before hold, and it is tried again', async () => {
      passes.close();
      passes = trusting({}, { keyCooldownMs: 0, keyMaxAgeMs: 0 });
      const token = await issuer.sign();
      expect(await passes.read(token)).not.toBe('wrong');
      issuer.isDown = true;
      for (let count = 0; count < 5; count += 1) {
        expect(await passes.read(token)).not.toBe('wrong');
      }
      await issuer.addKey('second');
      const fresh = await issuer.sign({}, 'second');
      await expect(passes.read(fresh)).rejects.toMatchObject({ code: 'unavailable' });
      issuer.isDown = false;
      await until(async () => (await passes.read(fresh).catch(() => 'wrong')) !== 'wrong');
    });

    test.each([
      ['another page', 200, '<html>'],
      ['no keys', 200, '{"keys": 1}'],
      ['the way to somewhere else', 302, ''],
    ])('because there is %s', async (_what, status, body) => {
      const server = await serve(status, body, { location: issuer.jwksUrl });
      const address = server.address();
      const port = address === null || typeof address === 'string' ? 0 : address.port;
      const elsewhere = trusting({ jwksUrl: `http://127.0.0.1:${port}/` });
      await expect(elsewhere.read(await issuer.sign())).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect(issuer.fetches).toBe(0);
      elsewhere.close();
      server.close();
    });
  });
});

async function serve(
  status: number,
  body: string,
  headers: Record<string, string>,
): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(status, headers).end(body);
    server.closeIdleConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
