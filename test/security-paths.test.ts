import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startApp, type TestApp } from './support/app.ts';
import { Uploader } from './support/uploading.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
/** What stands in files that are nobody's business: package.json, the database, the system's accounts. */
const SECRETS = ['"private": true', 'SQLite format 3', 'root:x:0'];

let server: TestApp;

beforeAll(async () => {
  server = await startApp({ ADMIN_TOKEN });
});
afterAll(async () => {
  await server.close();
});

/** Exactly these bytes as the path: fetch would tidy them up. */
function askRaw(path: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    })
      .once('error', reject)
      .end();
  });
}

const UP = [
  '..',
  '%2e%2e',
  '.%2e',
  '..%2f',
  '..%5c',
  '%2e%2e%2f',
  '....',
  '%c0%ae%c0%ae',
  '%252e%252e',
];
const ODD = [
  '%00',
  '%0d%0aset-cookie:%20a=b',
  '%',
  '%zz',
  '%ff',
  '~',
  ':',
  ';',
  '%7f',
  '%e2%80%ae',
  '//',
];
const WANTED = [
  'package.json',
  'sfumato.db',
  'etc/passwd',
  '.env',
  'original',
  'proc/self/environ',
];
const ROOMS = [
  'assets',
  'embed.js',
  'watch',
  'embed',
  'api',
  'v1',
  'whep',
  'whip',
  'AAAAAAAAAAAAAAAA',
  'files',
];

describe('5.3.2: paths lead to nothing but what is meant', () => {
  test.each([
    ['a page’s files', '/assets/..%2f..%2f..%2fpackage.json'],
    ['above everything', '/../../../../../../etc/passwd'],
    ['encoded twice', '/assets/%252e%252e/%252e%252e/package.json'],
    ['backslashes', '/assets/..%5c..%5cpackage.json'],
    ['a NUL', '/assets/index.js%00.html'],
    ['an original', '/api/v1/assets/..%2f..%2f/files/original'],
    ['a file of an Asset', '/api/v1/assets/AAAAAAAAAAAAAAAA/files/..%2f..%2fsfumato.db'],
    ['a segment', '/api/v1/assets/AAAAAAAAAAAAAAAA/hls/..%2f..%2f..%2fsfumato.db'],
    ['8,000 characters', `/api/v1/assets/${'a'.repeat(8_000)}`],
  ])('%s', async (_name, path) => {
    const { status, text } = await askRaw(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  test('whatever the path is made of', async () => {
    const part = fc.constantFrom(...UP, ...ODD, ...WANTED, ...ROOMS);
    const paths = fc
      .array(part, { minLength: 1, maxLength: 10 })
      .map((parts) => `/${parts.join('/')}`);
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const { status, text } = await askRaw(path);
        expect(status).not.toBe(500);
        for (const secret of SECRETS) expect(text).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });
});

describe('5.3.2: what a file is called where it comes from is no name here', () => {
  const NAMES = [
    '../../../../etc/cron.d/x',
    '..\\..\\x.mp4',
    '/etc/passwd',
    'x\0.mp4',
    '.',
    '..',
    '-i',
    'CON',
    '\u202egpj.exe',
    '\ud83c\udfa5 фильм.mp4',
    'a'.repeat(4_096),
    'x.mp4\r\nSet-Cookie: a=b',
    "'; DROP TABLE assets; --",
    '$(touch x) `touch x` | touch x',
  ];

  /** Everything below the server's folder. */
  const files = () => readdir(server.folder, { recursive: true });

  test('names of every kind are kept as words, or refused, and none becomes a path', async () => {
    const uploader = new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
    const before = new Set(await files());
    for (const filename of NAMES) {
      const answer = await uploader.announce({ filename }, 1_000);
      expect([201, 400, 413, 415, 431]).toContain(answer.status);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    const added = (await files()).filter((name) => !before.has(name));
    expect(added.length).toBeGreaterThan(0);
    // An Asset's name, a folder of ours, or a number: never more of a name than that.
    for (const name of added) expect(name).toMatch(/^[\w./-]{1,200}$/);
    const said = added.filter((name) => /passwd|cron|gpj|фильм|DROP|touch|CON|aaaaa/.test(name));
    expect(said).toEqual([]);
  });

  test('random names, too', async () => {
    const uploader = new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
    const before = new Set(await files());
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
        async (filename) => {
          const answer = await uploader.announce({ filename }, 1_000);
          expect([201, 400, 415]).toContain(answer.status);
        },
      ),
      { numRuns: 40 },
    );
    const added = (await files()).filter((name) => !before.has(name));
    for (const name of added) expect(name).toMatch(/^[\w./-]{1,200}$/);
  });
});
