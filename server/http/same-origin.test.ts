import { describe, expect, test } from '@jest/globals';
import { isSameOrigin } from './same-origin.ts';

const PUBLIC_URL = 'https://video.example';

describe('isSameOrigin', () => {
  test.each([
    ['same-origin', undefined, 'inner:8080', true],
    ['cross-site', 'https://video.example', 'video.example', false],
    ['same-site', undefined, 'video.example', false],
    ['none', undefined, 'video.example', false],
    [undefined, 'http://10.0.0.2:8080', '10.0.0.2:8080', true],
    [undefined, 'https://video.example', 'inner:8080', true],
    [undefined, 'https://evil.example', 'video.example', false],
    [undefined, 'http://10.0.0.2', '10.0.0.2:8080', false],
    [undefined, 'null', 'video.example', false],
    [undefined, undefined, 'video.example', undefined],
  ])('Sec-Fetch-Site %s, Origin %s, Host %s: %s', (fetchSite, origin, host, expected) => {
    expect(isSameOrigin({ fetchSite, origin, host }, PUBLIC_URL)).toBe(expected);
  });
});
