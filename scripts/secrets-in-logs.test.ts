import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { secretsInLogs } from './secrets-in-logs.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sfumato-secrets-'));
  for (const kind of ['logs', 'secrets']) mkdirSync(join(folder, kind));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (kind: string, name: string, lines: string[]) =>
  writeFileSync(join(folder, kind, name), lines.map((line) => `${line}\n`).join(''));

test('every secret is found by its name and place, also written as in an address or in JSON', () => {
  const secrets = [
    { name: 'key', value: 'a-very-secret-key' },
    { name: 'password', value: 'correct horse "staple"' },
    { name: 'other', value: 'never-to-be-seen' },
  ];
  write(
    'secrets',
    '1.jsonl',
    secrets.map((one) => JSON.stringify(one)),
  );
  write('logs', 'a.log', ['nothing', '{"url":"/?p=correct%20horse%20%22staple%22"}']);
  write('logs', 'b.log', ['x a-very-secret-key y', 'correct horse \\"staple\\"']);
  const { findings, ...counts } = secretsInLogs(folder);
  expect(counts.lines).toBe(4);
  expect(findings.map(({ name, file, line }) => [name, file.slice(-5), line])).toEqual([
    ['password', 'a.log', 2],
    ['key', 'b.log', 1],
    ['password', 'b.log', 2],
  ]);
});

test('nothing recorded, nothing found', () => {
  expect(secretsInLogs(folder)).toEqual({ secrets: 0, lines: 0, findings: [] });
  expect(secretsInLogs(join(folder, 'nowhere'))).toEqual({ secrets: 0, lines: 0, findings: [] });
});

test('a playback token may stand in an address that a browser asked for, and nowhere else', () => {
  const token = { name: 'a playback token', value: 'aaaa.bbbb.cccc', inAddresses: true };
  write('secrets', '1.jsonl', [JSON.stringify(token)]);
  write('logs', 'urls-1.log', ['http://localhost/embed/x?token=aaaa.bbbb.cccc']);
  expect(secretsInLogs(folder).findings).toEqual([]);
  write('logs', 'server-1.log', ['aaaa.bbbb.cccc']);
  expect(secretsInLogs(folder).findings).toHaveLength(1);
});
