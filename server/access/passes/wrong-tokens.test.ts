import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { pino } from 'pino';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import type { TokenFault } from './claims.ts';
import { Passes } from './passes.ts';

const log = pino({ level: 'silent' });
const URL_OF_OURS = 'https://video.example';
const START = Date.parse('2026-01-02T03:04:05.000Z');

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a playback token', () => {
  let folder = '';
  let db: Database;
  let passes: Passes;
  let faults: TokenFault[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-tokens-'));
    db = await openDatabase({ dataDir: folder, url: undefined, log });
    passes = create(URL_OF_OURS);
  });
  afterAll(async () => {
    passes.close();
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    faults = [];
  });

  function create(publicUrl: string | undefined): Passes {
    const onRefused = (fault: TokenFault) => void faults.push(fault);
    return new Passes({ db, publicUrl, issuers: [], log, onRefused, now: () => START });
  }

  const issue = () => passes.issue({ thingId: 'studio', expiresInSeconds: 600 }, 'ada');

  describe('is none', () => {
    /** The present key, so that only what the test names is wrong. */
    async function signed(
      claims: Record<string, unknown>,
      header: Record<string, unknown> = {},
    ): Promise<string> {
      const { token } = await issue();
      const row = await db.selectFrom('playbackKeys').selectAll().executeTakeFirstOrThrow();
      const jwk: unknown = JSON.parse(row.privateJwk);
      const key = await crypto.subtle.importKey('jwk', Object(jwk), 'Ed25519', false, ['sign']);
      const all = Object.entries({ ...decodeJwt(token), ...claims });
      const given = all.filter(([, value]) => value !== undefined);
      return await new SignJWT(Object.fromEntries(given))
        .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'EdDSA', ...header })
        .sign(key);
    }

    async function fault(token: string): Promise<TokenFault | undefined> {
      faults = [];
      expect(await passes.read(token)).toBe('wrong');
      return faults[0];
    }

    test('the way of the test: with nothing wrong it is one', async () => {
      expect(await passes.read(await signed({}))).toMatchObject({ thingId: 'studio' });
    });

    const now = START / 1000;
    test.each<[string, Record<string, unknown>, TokenFault]>([
      ['of another issuer', { iss: 'https://evil.example' }, 'issuer'],
      ['of no issuer', { iss: undefined }, 'malformed'],
      ['of an issuer that is no text', { iss: [URL_OF_OURS] }, 'malformed'],
      ['for somebody else', { aud: 'https://other.example' }, 'audience'],
      ['for nobody', { aud: undefined }, 'audience'],
      ['without an end', { exp: undefined }, 'claims'],
      ['with an end that is no number', { exp: String(now + 60) }, 'claims'],
      ['that lasts for years', { exp: now + 100 * 86_400 }, 'claims'],
      ['with a beginning that is no number', { nbf: 'now' }, 'claims'],
      ['for something else than watching', { scope: 'profile' }, 'claims'],
      ['for nothing in particular', { scope: undefined }, 'claims'],
      ['for no thing', { id: undefined }, 'claims'],
      ['for a thing with no name that things have', { id: '../studio' }, 'claims'],
      ['with a site that is none', { origin: 'a.example' }, 'claims'],
      ['with no site at all', { origin: [] }, 'claims'],
      ['with a password that is no number', { passwordVersion: 'x' }, 'claims'],
    ])('%s', async (_what, claims, expected) => {
      expect(await fault(await signed(claims))).toBe(expected);
    });

    test.each<[string, Record<string, unknown>, TokenFault]>([
      ['a key that nobody knows', { kid: 'none' }, 'key'],
      ['no key', { kid: undefined }, 'key'],
      ['another kind of token', { typ: 'JWT' }, 'claims'],
      ['no kind', { typ: undefined }, 'claims'],
    ])('that names %s', async (_what, header, expected) => {
      expect(await fault(await signed({}, header))).toBe(expected);
    });

    test('with an extension that we do not know', async () => {
      const { token } = await issue();
      const [, payload, signature] = token.split('.');
      const header = { ...decodeProtectedHeader(token), crit: ['x'], x: 1 };
      expect(await fault(`${base64(header)}.${payload}.${signature}`)).toBe('algorithm');
    });

    test.each(['none', 'None', 'HS256', 'RS256', ''])('signed by %j', async (alg) => {
      const { token } = await issue();
      const [, payload, signature] = token.split('.');
      const header = base64({ ...decodeProtectedHeader(token), alg });
      const expected = alg === '' ? 'malformed' : 'algorithm';
      expect(await fault(`${header}.${payload}.${signature}`)).toBe(expected);
      expect(await fault(`${header}.${payload}.`)).toBe('malformed');
    });

    test('signed with our public key as if it were a secret (HS256)', async () => {
      const { token } = await issue();
      const [jwk] = (await passes.publicKeys()).keys;
      for (const secret of [
        JSON.stringify(jwk),
        jwk?.x ?? '',
        Buffer.from(jwk?.x ?? '', 'base64url'),
      ]) {
        const forged = await new SignJWT({ ...decodeJwt(token), id: '*' })
          .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'HS256' })
          .sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret);
        expect(await fault(forged)).toBe('algorithm');
      }
    });

    test('that brings its own key, or says where one is', async () => {
      const { token } = await issue();
      const { publicKey, privateKey } = await generateKeyPair('EdDSA');
      const jwk = await exportJWK(publicKey);
      const elsewhere = 'https://evil.example/jwks';
      for (const header of [
        { jwk },
        { jku: elsewhere },
        { x5u: elsewhere },
        { jwk, kid: 'mine' },
      ]) {
        const forged = await new SignJWT({ ...decodeJwt(token), id: '*' })
          .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'EdDSA', ...header })
          .sign(privateKey);
        expect(await fault(forged)).toBe('kid' in header ? 'key' : 'signature');
      }
    });

    test('whose content was changed', async () => {
      const { token } = await issue();
      const [header, , signature] = token.split('.');
      const changed = `${header}.${base64({ ...decodeJwt(token), id: '*' })}.${signature}`;
      expect(await fault(changed)).toBe('signature');
    });

    test.each([
      ['five kilobytes', `${'e'.repeat(5_000)}.e30.AA`],
      ['nothing', ''],
      ['two dots', '..'],
      ['two parts', 'e30.e30'],
      ['an encrypted one', 'e30.e30.e30.e30.e30'],
      ['JSON of other things', `${base64([])}.${base64([])}.AA`],
      ['a text of another kind', 'sk_0123456789'],
      ['blanks around', ' e30.e30.AA '],
    ])('%s', async (_what, text) => {
      expect(await fault(text)).toBe('malformed');
    });

    test('of this server under another address', async () => {
      const { token } = await issue();
      const elsewhere = create('https://other.example');
      expect(await elsewhere.read(token)).toBe('wrong');
      elsewhere.close();
    });
  });

  test('whatever is shown, it is a pass, wrong, or an error with a name', async () => {
    const { token } = await issue();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const json = fc.jsonValue().map(base64);
    const claims = fc
      .dictionary(
        fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'id', 'scope', 'origin'),
        fc.jsonValue(),
      )
      .map((some) => base64({ ...decodeJwt(token), ...some }));
    const headers = fc
      .dictionary(fc.constantFrom('alg', 'kid', 'typ', 'crit', 'jwk', 'b64'), fc.jsonValue())
      .map((some) => base64({ ...decodeProtectedHeader(token), ...some }));
    const part = fc.oneof(fc.string(), json, fc.constant(header), fc.constant(payload));
    const shown = fc.oneof(
      fc.string({ maxLength: 6_000 }),
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
      claims.map((changed) => `${header}.${changed}.${signature}`),
      headers.map((changed) => `${changed}.${payload}.${signature}`),
    );
    await fc.assert(
      fc.asyncProperty(shown, async (text) => {
        const read = await passes.read(text).catch((error: unknown) => {
          if (error instanceof SfumatoError) return 'wrong';
          throw error;
        });
        // Only the one that was issued, as it is, opens anything; or one whose key order alone differs.
        return read === 'wrong' || text.startsWith(`${header}.${payload}.`);
      }),
      { numRuns: 300 },
    );
  });
});
