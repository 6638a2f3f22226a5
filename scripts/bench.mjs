/** `npm run bench`: sets up what is missing, Chromium too, and runs the benchmarks. */
import { runInForeground } from './setup/foreground.mjs';
import { setUp } from './setup/set-up.mjs';

const { root, node, env } = await setUp('tests');
const args = ['--disable-warning=ExperimentalWarning', 'bench/main.ts', ...process.argv.slice(2)];
process.exitCode = await runInForeground(node, args, { cwd: root, env, channel: true });
