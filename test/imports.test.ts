import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/**
 * Imports point one way (ARCHITECTURE.md):
 * contract <- engines <- features <- doors <- app <- main; the client knows the conversation only.
 */
const ROOT = resolve(import.meta.dirname, '..');

const ENGINES = [
  'server/sdp',
  'server/sfu',
  'server/rtp',
  'server/ffmpeg',
  'server/store',
  'server/telemetry',
  'server/rights',
];
const FEATURES = [
  'server/library',
  'server/channels',
  'server/playback',
  'server/access',
  'server/cluster',
];
const CONTRACT = 'signaling/contract';

/** Every room, and what it may import from besides itself. The most specific name wins. */
const ALLOWED: Record<string, readonly string[]> = {
  [CONTRACT]: [],
  'signaling/server': [CONTRACT],
  'signaling/client': [CONTRACT],
  ...Object.fromEntries(ENGINES.map((room) => [room, [CONTRACT]])),
  ...Object.fromEntries(FEATURES.map((room) => [room, [CONTRACT, ...ENGINES]])),
  'server/settings': [CONTRACT, ...ENGINES],
  'server/config.ts': [CONTRACT, ...ENGINES, 'server/settings'],
  'server/http': [CONTRACT, ...ENGINES, ...FEATURES, 'package.json'],
  'server/handlers': [CONTRACT, ...FEATURES, 'signaling/server'],
  'server/stop-on-signals.ts': [],
  'server/foundations.ts': [CONTRACT, ...ENGINES, ...FEATURES, 'server/config.ts'],
  'server/socket-contexts.ts': [
    CONTRACT,
    ...ENGINES,
    ...FEATURES,
    'server/http',
    'server/handlers',
    'signaling/server',
  ],
  'server/guarded-things.ts': [CONTRACT, ...ENGINES, ...FEATURES, 'server/http'],
  'server/watch-rights.ts': [CONTRACT, ...ENGINES, ...FEATURES, 'server/guarded-things.ts'],
  'server/app.ts': [
    CONTRACT,
    ...ENGINES,
    ...FEATURES,
    'server/watch-rights.ts',
    'server/socket-contexts.ts',
    'server/http',
    'server/handlers',
    'signaling/server',
    'server/config.ts',
    'server/settings',
    'server/foundations.ts',
    'package.json',
  ],
  'server/main.ts': [
    CONTRACT,
    'server/app.ts',
    'server/config.ts',
    'server/telemetry',
    'server/stop-on-signals.ts',
  ],
  client: [CONTRACT, 'signaling/client'],
};

/** Packages that only one room may import: the rest of the house is spared their ways. */
const OWNED_PACKAGES: Record<string, string> = {
  mediasoup: 'server/sfu',
  'node:child_process': 'server/ffmpeg',
  kysely: 'server/store',
  pg: 'server/store',
  '@aws-sdk/client-s3': 'server/store',
  '@aws-sdk/lib-storage': 'server/store',
  sharp: 'server/library',
  '@tus/file-store': 'server/library',
  'node:sqlite': 'server/store',
  '@node-rs/argon2': 'server/access',
  'openid-client': 'server/access',
  express: 'server/http',
  'prom-client': 'server/telemetry',
  'mediasoup-client': 'client',
};

interface Import {
  file: string;
  line: number;
  specifier: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name).split(sep).join('/'));
}

function importsOf(file: string): Import[] {
  const pattern = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]|new URL\(\s*['"](\.[^'"]+\.ts)['"]/g;
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    specifier: match[1] ?? match[2] ?? '',
  }));
}

function roomOf(path: string): string | undefined {
  const rooms = Object.keys(ALLOWED).filter((room) => path === room || path.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0];
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

function fault({ file, specifier }: Import): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return 'this file is in no room that ARCHITECTURE.md knows';
  if (!specifier.startsWith('.')) return packageFault(room, specifier);
  const target = relative(ROOT, resolve(ROOT, dirname(file), specifier))
    .split(sep)
    .join('/');
  if (isWithin(target, [room, ...(ALLOWED[room] ?? [])])) return undefined;
  return `${room} may not import ${target}`;
}

function packageFault(room: string, specifier: string): string | undefined {
  const owner = Object.entries(OWNED_PACKAGES).find(
    ([name]) => specifier === name || specifier.startsWith(`${name}/`),
  );
  if (owner === undefined || room === owner[1]) return undefined;
  return `only ${owner[1]} may import ${owner[0]}`;
}

const FILES = ['signaling', 'server', 'client'].flatMap(sourceFiles);

describe('imports point one way', () => {
  test('there is something to check', () => {
    expect(FILES.length).toBeGreaterThan(50);
  });

  test('every import is one that its room may make', () => {
    const faults = FILES.flatMap(importsOf).flatMap((one) => {
      const reason = fault(one);
      return reason === undefined ? [] : [`${one.file}:${one.line}: ${reason}`];
    });
    expect(faults).toEqual([]);
  });

  test.each([
    [
      'server/channels/x.ts',
      '../library/library.ts',
      'server/channels may not import server/library/library.ts',
    ],
    ['server/sfu/x.ts', '../rtp/pump.ts', 'server/sfu may not import server/rtp/pump.ts'],
    [
      'server/rtp/x.ts',
      '../channels/channel.ts',
      'server/rtp may not import server/channels/channel.ts',
    ],
    ['client/player/x.ts', '../../server/app.ts', 'client may not import server/app.ts'],
    ['server/channels/x.ts', 'mediasoup', 'only server/sfu may import mediasoup'],
    ['server/new.ts', './app.ts', 'this file is in no room that ARCHITECTURE.md knows'],
    ['server/channels/x.ts', '../sfu/sfu.ts', undefined],
  ])('%s importing %s: %s', (file, specifier, expected) => {
    expect(fault({ file, line: 1, specifier })).toBe(expected);
  });
});
