import { describe, expect, test } from '@jest/globals';
import { parseConfig, s3Settings, turnSettings } from './config.ts';
import { playbackSettings } from './settings/playback-settings.ts';

describe('parseConfig', () => {
  test('everything has a default', () => {
    expect(parseConfig({})).toMatchObject({
      PORT: 8080,
      TLS_PORT: 8443,
      RTC_PORT: 40_000,
      DEMO: 'on',
    });
  });

  test('an empty value counts as not set', () => {
    const { PORT, ANNOUNCED_ADDRESS } = parseConfig({ PORT: '', ANNOUNCED_ADDRESS: '' });
    expect([PORT, ANNOUNCED_ADDRESS]).toEqual([8080, undefined]);
  });

  test('what is not a setting is left alone', () => {
    expect(parseConfig({ HOME: '/root' })).not.toHaveProperty('HOME');
  });

  test('lists of origins are split', () => {
    const { ALLOWED_ORIGINS } = parseConfig({
      ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    });
    expect(ALLOWED_ORIGINS).toEqual(['https://a.example', 'https://b.example']);
  });

  test.each([
    ['', ['*']],
    ['none', []],
    ['https://a.example, https://b.example', ['https://a.example', 'https://b.example']],
  ])('sites that may embed: %j', (text, sites) => {
    expect(parseConfig({ EMBED_SITES: text }).EMBED_SITES).toEqual(sites);
  });

  test.each([
    [{ PORT: 'http' }, /PORT=http/],
    [{ PORT: '70000' }, /PORT=70000/],
    [{ WORKERS: '0' }, /WORKERS=0/],
    [{ PUBLIC_URL: 'https://a.example/path' }, /PUBLIC_URL=.*origin/],
    [{ ALLOWED_ORIGINS: 'a.example' }, /ALLOWED_ORIGINS/],
    [{ DATABASE_URL: 'mysql://me:hunter2@a.example/db' }, /DATABASE_URL=\(secret\)/],
    [{ ADMIN_TOKEN: 'hunter2' }, /ADMIN_TOKEN=\(secret\)/],
    [{ S3_BUCKET: 'no such/bucket' }, /S3_BUCKET=/],
    [{ S3_PREFIX: '/../' }, /S3_PREFIX=/],
    [
      { DATA_DIR: '/srv/a', LIBRARY_IMPORT_DIR: '/srv/a/b' },
      /LIBRARY_IMPORT_DIR=\/srv\/a\/b.*DATA_DIR/,
    ],
    [{ DATA_DIR: '/srv/a/b', LIBRARY_IMPORT_DIR: '/srv/a' }, /LIBRARY_IMPORT_DIR=.*nor that in it/],
    [{ DATA_DIR: '/srv/a', LIBRARY_IMPORT_DIR: '/srv/a/' }, /LIBRARY_IMPORT_DIR/],
    [{ LOG_LEVEL: 'loud', RTC_PORT: '-1' }, /LOG_LEVEL=loud.*|RTC_PORT=-1.*/],
  ])('%j is refused by name', (environment, message) => {
    expect(() => parseConfig(environment)).toThrow(message);
    expect(() => parseConfig(environment)).not.toThrow('hunter2');
  });
});

test('a watched folder beside DATA_DIR is taken, also where its name begins like it', () => {
  const settings = { DATA_DIR: '/srv/a', LIBRARY_IMPORT_DIR: '/srv/ab' };
  expect(parseConfig(settings)).toMatchObject(settings);
});

describe('s3Settings', () => {
  const keys = { S3_ACCESS_KEY_ID: 'me', S3_SECRET_ACCESS_KEY: 'hunter2' };

  test('media files stay on the disk where no bucket is named', () => {
    expect(s3Settings(parseConfig(keys))).toBeUndefined();
  });

  test('a bucket with its key', () => {
    const config = parseConfig({ S3_BUCKET: 'videos', S3_PREFIX: 'a/b/', ...keys });
    expect(s3Settings(config)).toEqual({
      ...{ endpoint: undefined, region: 'us-east-1', bucket: 'videos', prefix: 'a/b/' },
      ...{ accessKeyId: 'me', secretAccessKey: 'hunter2' },
    });
  });

  test('a bucket without its key is refused', () => {
    expect(() => s3Settings(parseConfig({ S3_BUCKET: 'videos' }))).toThrow('S3_ACCESS_KEY_ID');
  });
});

describe('turnSettings', () => {
  const TURN_SECRET = 'sixteen characters or more';

  test('none, or addresses with their secret', () => {
    expect(turnSettings(parseConfig({}))).toBeUndefined();
    const urls = 'turn:relay.example.org:3478?transport=udp, turns:[2001:db8::1]';
    expect(turnSettings(parseConfig({ TURN_URLS: urls, TURN_SECRET }))).toEqual({
      urls: ['turn:relay.example.org:3478?transport=udp', 'turns:[2001:db8::1]'],
      secret: TURN_SECRET,
    });
  });

  test('one without the other is refused', () => {
    expect(() => parseConfig({ TURN_URLS: 'turn:relay.example.org' })).toThrow('TURN_SECRET');
    expect(() => parseConfig({ TURN_SECRET })).toThrow('TURN_URLS');
  });

  test.each([
    'stun:relay.example.org',
    'turn:',
    'turn:a b',
    'turn:a>; rel="x"',
    'turn:a?transport=sctp',
  ])('no address of a relay: %s', (url) => {
    const parse = () => parseConfig({ TURN_URLS: url, TURN_SECRET });
    expect(parse).toThrow('an address such as turn:');
  });

  test('a wrong secret is not repeated', () => {
    expect(() => parseConfig({ TURN_SECRET: 'short' })).toThrow('TURN_SECRET=(secret)');
  });
});

describe('who else says who watches', () => {
  const secret = 'a-secret-of-the-webhook-of-32-letters';
  const url = 'https://example.org/may';
  const issuer = { issuer: 'https://a.example', jwksUrl: 'https://a.example/jwks' };
  const issuers = (...all: object[]) => ({ PLAYBACK_ISSUERS: JSON.stringify(all) });

  test('nobody, unless it is set', () => {
    const nobody = { url: undefined, secret: undefined, onError: 'refuse' };
    expect(playbackSettings(parseConfig({}))).toEqual({
      ...{ publicUrl: undefined, issuers: [], webhook: nobody },
    });
  });

  test('a service that is asked, with a secret', () => {
    const set = { ACCESS_WEBHOOK_URL: url, ACCESS_WEBHOOK_SECRET: secret };
    const { webhook } = playbackSettings(parseConfig({ ...set, ACCESS_WEBHOOK_ON_ERROR: 'allow' }));
    expect(webhook).toEqual({ url, secret, onError: 'allow' });
    expect(() => parseConfig({ ACCESS_WEBHOOK_URL: url })).toThrow('ACCESS_WEBHOOK_SECRET');
    expect(() => parseConfig({ ACCESS_WEBHOOK_SECRET: secret })).toThrow('ACCESS_WEBHOOK_URL');
    const wrong = { ...set, ACCESS_WEBHOOK_URL: 'https://me:hunter2@example.org/' };
    expect(() => parseConfig(wrong)).toThrow(/^(?!.*hunter2).*ACCESS_WEBHOOK_URL=\(secret\)/);
    expect(() => parseConfig({ ...set, ACCESS_WEBHOOK_SECRET: 'short' })).toThrow('=(secret)');
    expect(() => parseConfig({ ...set, ACCESS_WEBHOOK_URL: 'file:///may' })).toThrow('WEBHOOK_URL');
  });

  test('other issuers, with algorithms of which nobody can make one from the public key', () => {
    expect(parseConfig(issuers(issuer)).PLAYBACK_ISSUERS).toEqual([
      { ...issuer, algorithms: ['EdDSA', 'ES256', 'RS256'] },
    ]);
    for (const algorithm of ['none', 'HS256', 'HS512', 'ES256K', 'dir']) {
      const wrong = issuers({ ...issuer, algorithms: [algorithm] });
      expect(() => parseConfig(wrong)).toThrow('PLAYBACK_ISSUERS');
    }
  });

  test.each([
    ['no JSON', { PLAYBACK_ISSUERS: '{' }],
    ['without its keys', issuers({ issuer: 'https://a.example' })],
    ['with keys in a file', issuers({ ...issuer, jwksUrl: 'file:///etc/keys' })],
    ['no algorithm at all', issuers({ ...issuer, algorithms: [] })],
    ['one twice', issuers(issuer, issuer)],
    ['ourselves', issuers({ ...issuer, issuer: 'sfumato' })],
    ['ourselves by address', { ...issuers(issuer), PUBLIC_URL: 'https://a.example' }],
  ])('%s', (_what, environment) => {
    expect(() => parseConfig(environment)).toThrow('PLAYBACK_ISSUERS');
  });
});
