/**
 * `npm test`: sets up what is missing, then checks and tests everything. `npm test -- ARGS` runs jest
 * alone with these arguments.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { readIfThere } from './setup/context.mjs';
import { runInForeground } from './setup/foreground.mjs';
import { setUp } from './setup/set-up.mjs';
import { checkSecrets } from './secrets-in-logs.mjs';
import { dropTestDatabases } from './test-databases.mjs';
import { filesToRunAgain, jestPasses, sumUp, tally } from './test-plan.mjs';

const own = process.argv.slice(2);
const place = await setUp('tests');
const results = [];
// What all tests leave for the last steps: test/support/run-record.ts.
const record = mkdtempSync(join(tmpdir(), 'sfumato-run-'));
if (own.length === 0) results.push(await runChecks(place));
/** @type {{ code: number, report: string | undefined }[]} */
const runs = [];
for (const args of jestPasses(own)) runs.push(await runJest(args));
// The machine may have been busy with something else when they ran; a second failure fails.
const again = own.length === 0 ? filesToRunAgain(runs.map(({ report }) => report)) : [];
for (const { code, report } of runs) results.push(tally(code, report, again));
if (again.length > 0) {
  console.log(`running once more what failed: ${again.join(', ')}`);
  const { code, report } = await runJest(['--runInBand', '--runTestsByPath', ...again]);
  results.push(tally(code, report));
}
results.push(checkSecrets(record, own.length === 0));
await dropTestDatabases(record, place.env.DATABASE_URL);
// Where a secret was found, its place is kept to be looked at.
if (results.at(-1)?.failed === 0) rmSync(record, { recursive: true, force: true });
for (const name of again) console.log(`failed and was run once more: ${name}`);
const { passed, failed } = sumUp(results);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {string[]} args */
async function runJest(args) {
  const { root, node, env } = place;
  const folder = mkdtempSync(join(tmpdir(), 'sfumato-jest-'));
  const report = join(folder, 'report.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  try {
    const code = await runInForeground(
      node,
      [...flags, jest, '--json', '--outputFile', report, ...args],
      {
        cwd: root,
        env: { ...env, SFUMATO_TEST_LOG_DIR: record },
      },
    );
    return { code, report: readIfThere(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
