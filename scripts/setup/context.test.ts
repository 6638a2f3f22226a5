import { describe, expect, test } from '@jest/globals';
import { cacheFolder, environment, parseDotEnv } from './context.mjs';

describe('parseDotEnv', () => {
  test.each([
    ['A=1', { A: '1' }],
    ['A = spaced out ', { A: 'spaced out' }],
    ['export A=1', { A: '1' }],
    ['A="with # inside" # comment', { A: 'with # inside' }],
    ["A='single'", { A: 'single' }],
    ['A=value # comment', { A: 'value' }],
    ['A=', { A: '' }],
    ['# A=1\n\nB=2\r\nC=3', { B: '2', C: '3' }],
    ['not an assignment', {}],
  ])('%j', (text, expected) => {
    expect(parseDotEnv(text)).toEqual(expected);
  });
});

describe('cacheFolder', () => {
  test.each([
    [{}, '/home/a/.cache/sfumato'],
    [{ XDG_CACHE_HOME: '/var/cache' }, '/var/cache/sfumato'],
    // The specification wants relative paths ignored.
    [{ XDG_CACHE_HOME: 'here' }, '/home/a/.cache/sfumato'],
  ])('%j', (env, expected) => {
    expect(cacheFolder(env, '/home/a')).toBe(expected);
  });
});

test('what was found is handed on, and another Node comes first on the path', () => {
  const own = environment({ node: process.execPath, found: { FFMPEG_PATH: '/f' } });
  expect(own.FFMPEG_PATH).toBe('/f');
  expect(own.PATH).toBe(process.env.PATH);
  const other = environment({ node: '/cache/bin/node', found: {} });
  expect(other.PATH).toBe(`/cache/bin:${process.env.PATH}`);
});
