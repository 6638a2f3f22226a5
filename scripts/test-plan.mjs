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

/** More than these fail for a reason of their own, not because the machine was busy in that moment. */
const MOST_RUN_AGAIN = 4;

/**
 * The files that failed and are worth a second run, alone, after everything else.
 * @param {(string | undefined)[]} reports jest's JSON, of every run
 * @returns {string[]} their paths; none where there are many, or where a run broke off
 */
export function filesToRunAgain(reports) {
  if (reports.some((report) => report === undefined)) return [];
  const failed = reports.flatMap((report) => failedFiles(JSON.parse(report ?? '{}')));
  return failed.length > MOST_RUN_AGAIN ? [] : failed;
}

/**
 * What one run of jest has counted. A suite that could not run counts as one failure.
 * @param {number} code exit code
 * @param {string | undefined} report jest's JSON
 * @param {string[]} [leftOut] paths of files that count by their second run
 * @returns {{ passed: number, failed: number }}
 */
export function tally(code, report, leftOut = []) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const all = JSON.parse(report);
  const files = resultsOf(all).filter(({ name }) => !leftOut.includes(name));
  const counts = sumUp([{ passed: 0, failed: 0 }, ...files.map(countFile)]);
  // Jest fails for other reasons too, an open handle or a wrong option for example.
  const explained = counts.failed > 0 || failedFiles(all).some((name) => leftOut.includes(name));
  return code !== 0 && !explained ? { ...counts, failed: 1 } : counts;
}

/**
 * @typedef {object} FileResult
 * @property {string} name its path
 * @property {string} status
 * @property {{ status: string }[]} assertionResults
 */

/** @param {{ testResults?: FileResult[] }} report */
function resultsOf({ testResults = [] }) {
  return testResults;
}

/** @param {{ testResults?: FileResult[] }} report */
function failedFiles(report) {
  return resultsOf(report)
    .filter(({ status }) => status === 'failed')
    .map(({ name }) => name);
}

/** @param {FileResult} file */
function countFile({ status, assertionResults }) {
  const count = (/** @type {string} */ wanted) =>
    assertionResults.filter((result) => result.status === wanted).length;
  const failed = count('failed');
  return { passed: count('passed'), failed: status === 'failed' ? Math.max(failed, 1) : failed };
}

/** @param {{ passed: number, failed: number }[]} results */
export function sumUp(results) {
  return results.reduce((sum, { passed, failed }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
  }));
}
