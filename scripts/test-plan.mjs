/** How the test command runs jest, and how it counts. */

/** Two at once: the tests start real workers, encoders and browsers, each of which uses several cores. */
const WORKERS = '--maxWorkers=2';

/**
 * The arguments of each run of jest: what measures times in a browser runs alone, one by one; the rest two at once.
 * @param {string[]} own arguments of the person, who then gets one run with them
 * @returns {string[][]}
 */
export function jestPasses(own) {
  if (own.length > 0) {
    const parallel = own.some((arg) => /^(-i|-w|--runInBand|--maxWorkers)(=|\d|%|$)/.test(arg));
    return [parallel ? own : [WORKERS, ...own]];
  }
  return [
    [WORKERS, '--testPathIgnorePatterns', '/node_modules/', '/data/', '/dist/', BROWSER, TIMED],
    [WORKERS, '--testPathPatterns', BROWSER],
    ['--runInBand', '--testPathPatterns', TIMED],
  ];
}

/** Tests in a browser, and those of them that measure times, by their paths. */
const BROWSER = '/test/browser/';
const TIMED = '/test/timed/';

/**
 * What one run of jest has counted. A suite that could not run counts as one failure.
 * @param {number} code exit code
 * @param {string | undefined} report jest's JSON
 * @returns {{ passed: number, failed: number }}
 */
export function tally(code, report) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(report);
  const failed = Number(numFailedTests) + Number(numRuntimeErrorTestSuites);
  // Jest fails for other reasons too, an open handle or a wrong option for example.
  return { passed: Number(numPassedTests), failed: code !== 0 && failed === 0 ? 1 : failed };
}

/**
 * Tests that were run more than once: test/support/measured-again.ts.
 * @param {string | undefined} report jest's JSON
 * @returns {string[]} their names
 */
export function measuredAgain(report) {
  if (report === undefined) return [];
  /** @type {{ assertionResults?: { fullName: string, invocations?: number }[] }[]} */
  const files = JSON.parse(report).testResults ?? [];
  return files
    .flatMap(({ assertionResults = [] }) => assertionResults)
    .filter(({ invocations = 1 }) => invocations > 1)
    .map(({ fullName }) => fullName);
}

/** @param {{ passed: number, failed: number }[]} results */
export function sumUp(results) {
  return results.reduce((sum, { passed, failed }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
  }));
}
