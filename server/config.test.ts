import { describe, expect, test } from '@jest/globals';
import { parseConfig } from './config.ts';

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
    [{ LOG_LEVEL: 'loud', RTC_PORT: '-1' }, /LOG_LEVEL=loud.*|RTC_PORT=-1.*/],
  ])('%j is refused by name', (environment, message) => {
    expect(() => parseConfig(environment)).toThrow(message);
    expect(() => parseConfig(environment)).not.toThrow('hunter2');
  });
});
