/** `npm start [-- FILE...]`: sets up what is missing and runs the server, with files on air if given. */
import { resolve } from 'node:path';
import { runInForeground } from './setup/foreground.mjs';
import { setUp } from './setup/set-up.mjs';

/** npm runs scripts in the checkout; what a person names is relative to where the person is. */
const from = process.env.INIT_CWD ?? process.cwd();
const args = process.argv.slice(2).map((arg) => (isPath(arg) ? resolve(from, arg) : arg));

const { root, node, env } = await setUp('start');
const server = ['--disable-warning=ExperimentalWarning', 'server/main.ts', ...args];
process.exitCode = await runInForeground(node, server, { cwd: root, env, channel: true });

/** @param {string} arg */
function isPath(arg) {
  return !arg.startsWith('-') && !/^[a-z][a-z\d+.-]*:\/\//i.test(arg);
}
