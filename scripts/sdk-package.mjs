/** The package `@sfumato/embed-sdk`: one module without imports, and its types. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of what browsers know that the player plays in. */
const OPTIONS = [
  ...['--ignoreConfig', '--strict', '--declaration', '--target', 'es2022'],
  ...['--lib', 'es2022,dom,dom.iterable', '--module', 'nodenext', '--moduleResolution', 'nodenext'],
  ...['--types', '', '--verbatimModuleSyntax', '--noEmitOnError'],
];

/**
 * Makes the package anew.
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv }} place
 * @param {string} folder what was in it is deleted
 */
export async function buildSdk({ root, node, env }, folder) {
  const source = join(root, 'client', 'embed-sdk');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [compiler, ...OPTIONS, '--outDir', folder, join(source, 'index.ts')];
  await run(node, args, { cwd: root, env });
  await writeFile(join(folder, 'package.json'), await description(root, source));
  await copyFile(join(source, 'README.md'), join(folder, 'README.md'));
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

/**
 * The package's own description, with the version of the whole.
 * @param {string} root
 * @param {string} source
 */
async function description(root, source) {
  const { version } = await readJson(join(root, 'package.json'));
  const own = await readJson(join(source, 'package.json'));
  return `${JSON.stringify({ ...own, version }, null, 2)}\n`;
}

/** @param {string} path */
async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<void>} rejected with what it printed where it fails
 */
function run(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(output))));
  });
}
