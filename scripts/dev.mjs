/** `npm run dev`: the server, started again when its sources change, and the pages, bundled again. */
import { join } from 'node:path';
import { runInForeground } from './setup/foreground.mjs';
import { setUp } from './setup/set-up.mjs';

const { root, node, env } = await setUp('start');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
const server = ['--watch', '--disable-warning=ExperimentalWarning', 'server/main.ts'];
const codes = await Promise.all([
  runInForeground(node, [vite, 'build', '--watch'], { cwd: root, env }),
  runInForeground(node, [...server, ...process.argv.slice(2)], { cwd: root, env }),
]);
process.exitCode = Math.max(...codes);
