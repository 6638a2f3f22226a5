/**
 * `npm run audit`: fails where a package that the server runs with has a known hole that is high or critical. The registry
 * knows that; where it cannot be asked, that is said, and nothing fails: `--required` makes that a failure, too.
 */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const TIMEOUT_MS = 60_000;
const SEVERE = ['high', 'critical'];

/**
 * What an answer of `npm audit --json` means.
 * @param {string} output
 * @returns {{ asked: false, reason: string } | { asked: true, severe: string[], others: number }}
 */
export function readAudit(output) {
  const report = parse(output);
  const found = report?.vulnerabilities;
  if (typeof found !== 'object' || found === null || report?.metadata === undefined) {
    return { asked: false, reason: reasonOf(report) };
  }
  const all = Object.entries(found).map(([name, { severity }]) => ({ name, severity }));
  const severe = all.filter(({ severity }) => SEVERE.includes(severity));
  return {
    asked: true,
    severe: severe.map(({ name, severity }) => `${name} (${severity})`),
    others: all.length - severe.length,
  };
}

/**
 * @param {ReturnType<typeof readAudit>} audit
 * @param {boolean} required is it a failure when nobody could be asked?
 * @returns {{ line: string, code: 0 | 1 }}
 */
export function judge(audit, required) {
  if (!audit.asked) {
    const line = `Dependencies: the registry could not be asked for known holes (${audit.reason}).`;
    return { line, code: required ? 1 : 0 };
  }
  const { severe, others } = audit;
  if (severe.length > 0) {
    const line = `Dependencies: known holes in ${severe.join(', ')}. \`npm audit\` says more.`;
    return { line, code: 1 };
  }
  const less = others > 0 ? `; ${others} lesser ones` : '';
  return { line: `Dependencies: no known hole that is high or critical${less}.`, code: 0 };
}

/** @param {string} output */
function parse(output) {
  try {
    return JSON.parse(output);
  } catch {
    // Nothing, or an error page: then nobody was asked.
    return undefined;
  }
}

/** @param {{ message?: unknown, error?: { summary?: unknown } } | undefined} report */
function reasonOf(report) {
  const reason = report?.message ?? report?.error?.summary;
  return typeof reason === 'string' && reason !== '' ? reason.trim() : 'no answer';
}

/** @returns {Promise<string>} what npm says, nothing where it takes too long */
function askRegistry() {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0'];
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  const timer = setTimeout(() => npm.kill(), TIMEOUT_MS);
  let output = '';
  npm.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    npm.on('error', () => resolve(''));
    npm.on('close', () => {
      clearTimeout(timer);
      resolve(output);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { line, code } = judge(readAudit(await askRegistry()), process.argv.includes('--required'));
  console.log(line);
  process.exitCode = code;
}
