import { expect, test } from '@jest/globals';
import { filesToRunAgain, jestPasses, sumUp, tally } from './test-plan.mjs';

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

const file = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.length > 0 && !statuses.includes('failed') ? 'passed' : 'failed',
  assertionResults: statuses.map((status) => ({ status })),
});
const report = (...testResults: object[]) => JSON.stringify({ testResults });

test.each([
  ['all well', 0, [file('a', 'passed', 'passed'), file('b', 'passed')], { passed: 3, failed: 0 }],
  ['two fail', 1, [file('a', 'passed', 'failed', 'failed')], { passed: 1, failed: 2 }],
  ['a file that cannot run', 1, [file('a', 'passed'), file('b')], { passed: 1, failed: 1 }],
  [
    'its set-up fails after its tests',
    1,
    [{ ...file('a', 'passed'), status: 'failed' }],
    { passed: 1, failed: 1 },
  ],
  ['jest fails for another reason', 1, [file('a', 'passed')], { passed: 1, failed: 1 }],
])('what is counted: %s', (_what, code, files, expected) => {
  expect(tally(code, report(...files))).toEqual(expected);
});

test('a file that failed counts by its second run', () => {
  const first = report(file('a', 'passed', 'failed'), file('b', 'passed'));
  expect(filesToRunAgain([first, report(file('c', 'passed'))])).toEqual(['a']);
  expect(tally(1, first, ['a'])).toEqual({ passed: 1, failed: 0 });
});

test('where much fails, or a run broke off, nothing is run again', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => file(name, 'failed'));
  expect(filesToRunAgain([report(...many)])).toEqual([]);
  expect(filesToRunAgain([report(file('a', 'failed')), undefined])).toEqual([]);
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
