import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { embedSnippet, readEmbedParameters, readTime, sizeWithin } from './embed.ts';

const DEFAULTS = {
  autoplay: true,
  muted: false,
  controls: true,
  loop: false,
  t: 0,
  quality: 'auto',
};

describe('what stands behind the ? of an embed', () => {
  test.each<[string, object]>([
    ['', {}],
    ['?autoplay=0', { autoplay: false }],
    ['?autoplay=1&muted=true', { autoplay: true, muted: true }],
    ['?mute=1', { muted: true }],
    ['?controls=0&loop=no', { controls: false }],
    ['?t=1m30s', { t: 90 }],
    ['?start=1:30&end=2:00', { t: 90, end: 120 }],
    ['?quality=720p', { quality: 720 }],
    ['?quality=audioOnly', { quality: 'audioOnly' }],
    ['?captions=pt-BR', { captions: 'pt-BR' }],
    ['?texttrack=de', { captions: 'de' }],
    ['?captions=off', { captions: 'off' }],
    ['?color=%23e0a458', { color: '#e0a458' }],
    ['?color=fff', { color: '#fff' }],
    ['?volume=40', { volume: 40 }],
    ['?lang=fr', { lang: 'fr' }],
  ])('%s', (query, expected) => {
    expect(readEmbedParameters(query)).toEqual({ ...DEFAULTS, ...expected });
  });

  test.each([
    '?unknown=1',
    '?autoplay=perhaps',
    '?t=-3',
    '?t=soon',
    '?color=red;background:url(x)',
    '?quality=best',
    '?captions=%3Cscript%3E',
    '?volume=101',
    '?__proto__=1&constructor=2',
  ])('%s is passed over', (query) => {
    expect(readEmbedParameters(query)).toEqual(DEFAULTS);
  });

  test('the first of two counts', () => {
    expect(readEmbedParameters('?t=5&t=9')).toMatchObject({ t: 5 });
  });

  test('nothing that anybody writes there ends in an error', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (query) => {
        expect(readEmbedParameters(query)).toMatchObject({ loop: expect.any(Boolean) });
      }),
    );
  });
});

describe('readTime', () => {
  test.each([
    ['90', 90],
    ['90.5', 90.5],
    ['1h2m', 3720],
    ['1:02:03', 3723],
    ['', undefined],
    ['h', undefined],
    ['1:2:3:4', undefined],
  ])('%s', (text, seconds) => {
    expect(readTime(text)).toBe(seconds);
  });
});

test('a title can do nothing in a snippet but be read', () => {
  const snippet = embedSnippet({
    url: 'https://v.example/embed/demo?a=1&b=2',
    title: '"><script>alert(1)</script>',
    width: 640,
    height: 360,
  });
  expect(snippet).not.toContain('<script');
  expect(snippet).toContain('a=1&amp;b=2');
  expect(snippet.match(/"/g)).toHaveLength(2 * 8);
});

describe('sizeWithin', () => {
  test.each([
    [{ width: 640, height: 360 }, {}, { width: 640, height: 360 }],
    [{ width: 640, height: 360 }, { width: 320 }, { width: 320, height: 180 }],
    [
      { width: 640, height: 360 },
      { width: 320, height: 90 },
      { width: 160, height: 90 },
    ],
    [{ width: 640, height: 360 }, { width: 5000 }, { width: 640, height: 360 }],
    [{ width: 640, height: 360 }, { width: 1 }, { width: 1, height: 1 }],
  ])('%j within %j', (size, most, expected) => {
    expect(sizeWithin(size, most)).toEqual(expected);
  });
});
