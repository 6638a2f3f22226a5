/** What is checked without running: format, lint, types, known holes in packages. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { duration } from './setup/progress.mjs';

/** The checks by name, each a program of node_modules with its arguments. */
const CHECKS = {
  format: ['@biomejs/biome/bin/biome', 'format', '.'],
  lint: ['oxlint/bin/oxlint', '--type-aware'],
  types: ['typescript/bin/tsc', '-p', '.'],
  'types of scripts': ['typescript/bin/tsc', '-p', 'scripts'],
  // Where the registry does not answer, that is no failure.
  'known holes in packages': ['../scripts/audit.mjs'],
};

/**
 * Runs all checks and prints what they find.
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv }} place
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(place) {
  let failed = 0;
  for (const [name, [program = '', ...args]] of Object.entries(CHECKS)) {
    const startedAt = performance.now();
    const { code, output } = await runCheck(place, join(place.root, 'node_modules', program), args);
    const took = duration(performance.now() - startedAt);
    if (code !== 0) failed += 1;
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${took})`);
    if (code !== 0) console.log(output);
  }
  return { passed: Object.keys(CHECKS).length - failed, failed };
}

/**
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv }} place
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function runCheck({ root, node, env }, program, args) {
  const child = spawn(node, [program, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
