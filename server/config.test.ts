import { describe, expect, test } from '@jest/globals';
import { parseConfig, s3Settings } from './config.ts';

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
