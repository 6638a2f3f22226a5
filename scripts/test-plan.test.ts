import { expect, test } from '@jest/globals';
import { jestPasses, measuredAgain, sumUp, tally } from './test-plan.mjs';

test('browser tests run after the others, and what measures times alone and one by one', () => {
  const [others, browser, timed] = jestPasses([]);
  expect(others).toContain('--maxWorkers=2');
  for (const later of ['/test/browser/', '/test/timed/']) expect(others).toContain(later);
  expect(browser).toEqual(['--maxWorkers=2', '--testPathPatterns', '/test/browser/']);
  expect(timed).toEqual(['--runInBand', '--testPathPatterns', '/test/timed/']);
});

test.each([
  [['server/rtp'], [['--maxWorkers=2', 'server/rtp']]],
  [['-i', 'x'], [['-i', 'x']]],
  [['--maxWorkers=1'], [['--maxWorkers=1']]],
  [['-w', '1'], [['-w', '1']]],
  [['--watch'], [['--maxWorkers=2', '--watch']]],
])('a person may say more: %j', (own, expected) => {
  expect(jestPasses(own)).toEqual(expected);
});

test.each([
  [
    0,
    { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0 },
    { passed: 3, failed: 0 },
  ],
  [
    1,
    { numPassedTests: 3, numFailedTests: 2, numRuntimeErrorTestSuites: 1 },
    { passed: 3, failed: 3 },
  ],
  [
    1,
    { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0 },
    { passed: 3, failed: 1 },
  ],
])('jest ends with %s and %j', (code, report, expected) => {
  expect(tally(code, JSON.stringify(report))).toEqual(expected);
});

test('what was run twice is named', () => {
  const assertionResults = [
    { fullName: 'a party is together', invocations: 2 },
    { fullName: 'a party can be left', invocations: 1 },
  ];
  const report = JSON.stringify({ testResults: [{ assertionResults }, {}] });
  expect(measuredAgain(report)).toEqual(['a party is together']);
  expect(measuredAgain(undefined)).toEqual([]);
});

test('a run without a report is a failure', () => {
  expect(tally(0, undefined)).toEqual({ passed: 0, failed: 1 });
  expect(
    sumUp([
      { passed: 1, failed: 0 },
      { passed: 2, failed: 1 },
    ]),
  ).toEqual({ passed: 3, failed: 1 });
});
