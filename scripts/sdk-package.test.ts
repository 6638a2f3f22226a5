import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSdk } from './sdk-package.mjs';

const root = resolve(import.meta.dirname, '..');
const node = process.execPath;
const run = promisify(execFile);
const TSC = join(root, 'node_modules/typescript/bin/tsc');

/** Of somebody who has installed the package. */
let folder = '';
let installed = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-sdk-'));
  installed = join(folder, 'node_modules/@sfumato/embed-sdk');
  await mkdir(installed, { recursive: true });
  await buildSdk({ root, node, env: process.env }, installed);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (name: string) => readFile(join(installed, name), 'utf8');

test('has what a package needs, and nothing else', async () => {
  const files = await readdir(installed);
  expect(new Set(files)).toEqual(
    new Set(['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'package.json']),
  );
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const description = JSON.parse(await read('package.json'));
  expect(description).toMatchObject({ name: '@sfumato/embed-sdk', version, license: 'MIT' });
  expect(description).not.toHaveProperty('private');
  expect(description).not.toHaveProperty('dependencies');
});

test('npm packs its files', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: installed });
  const [{ files }] = JSON.parse(stdout);
  const paths = files.map(({ path }: { path: string }) => path);
  expect(new Set(paths)).toEqual(new Set(await readdir(installed)));
});

test('neither its module nor its types import anything', async () => {
  for (const name of ['index.js', 'index.d.ts']) {
    const code = (await read(name)).replaceAll(/\/\*[\s\S]*?\*\//g, '');
    expect(code).not.toMatch(/\bimport\b|\brequire\b|\bfrom ['"]|<reference/);
  }
});

test('its README names every method and every event that the types have', async () => {
  const [types, readme] = await Promise.all([read('index.d.ts'), read('README.md')]);
  const methods = [...types.matchAll(/^ {4}(\w+)(?:<[^(]*>)?\(/gm)].map(([, name]) => name);
  const events = types.match(/type EmbedEvents = \{[\s\S]*?^\};/m)?.[0] ?? '';
  const names = [...events.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name);
  expect(methods).toContain('setToken');
  expect(names).toContain('tokenexpiring');
  const own = [...methods, ...names].filter((name) => name !== 'constructor' && name !== 'on');
  for (const name of own) expect(readme).toContain(`\`${name}\``);
});

test('Node imports it by its name', async () => {
  const code = "console.log(Object.keys(await import('@sfumato/embed-sdk')))";
  const { stdout } = await run(node, ['--input-type=module', '-e', code], { cwd: folder });
  expect(stdout).toBe("[ 'SfumatoEmbed' ]\n");
});

const CONSUMER = `
import { type EmbedEvent, SfumatoEmbed } from '@sfumato/embed-sdk';
const player = new SfumatoEmbed(document.createElement('iframe'));
const end: () => void = player.on('timeupdate', ({ seconds }) => console.log(seconds.toFixed(1)));
const latency: Promise<number | null> = player.latency();
const event: EmbedEvent = 'tokenexpiring';
player.setQuality(720);
export { end, event, latency };
`;

const compile = async (code: string) => {
  await writeFile(join(folder, 'consumer.ts'), code);
  const options = ['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2022', '--types', ''];
  const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
  return run(node, [TSC, ...options, ...modules, 'consumer.ts'], { cwd: folder });
};

test('a strict program compiles against its types', async () => {
  await compile(CONSUMER);
});

test('its types refuse what it does not have', async () => {
  const wrong = compile(`${CONSUMER}player.setQuality('best');`);
  await expect(wrong).rejects.toMatchObject({ stdout: expect.stringContaining('\'"best"\'') });
});
