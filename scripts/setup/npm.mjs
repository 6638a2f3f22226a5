/** How npm is called so that it runs under a Node of our choice. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findOnPath } from './proof.mjs';

/**
 * What npm must be told when it runs under another Node than the one that it belongs to: it looks for the
 * machine's npmrc (registry, proxy, certificates) relative to the Node that runs it.
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment() {
  const prefix = process.platform === 'win32' ? process.execPath : dirname(process.execPath);
  const machine = join(dirname(prefix), 'etc', 'npmrc');
  const known = process.env.npm_config_globalconfig;
  return known || !existsSync(machine) ? {} : { npm_config_globalconfig: machine };
}

/**
 * The command that runs npm under a Node: npm's own JavaScript where it can be found (the npm that
 * started us, the one on the path, the one beside our Node), else whatever `npm` is on the path.
 * @param {string} node
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(node) {
  const onPath = findOnPath(['npm']);
  const beside = dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    onPath && realpathSync(onPath),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  for (const path of candidates) {
    if (path && basename(path) === 'npm-cli.js' && existsSync(path)) {
      return { command: node, args: [path] };
    }
  }
  return { command: onPath ?? 'npm', args: [] };
}
