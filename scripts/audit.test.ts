import { expect, test } from '@jest/globals';
import { judge, readAudit } from './audit.mjs';

const answer = (vulnerabilities: object) => JSON.stringify({ vulnerabilities, metadata: {} });

test.each([
  ['nothing known', answer({}), 0, 'no known hole that is high or critical.'],
  ['a lesser one', answer({ a: { severity: 'moderate' } }), 0, '; 1 lesser ones.'],
  ['a high one', answer({ a: { severity: 'low' }, b: { severity: 'high' } }), 1, 'b (high)'],
  ['a critical one', answer({ c: { severity: 'critical' } }), 1, 'c (critical)'],
])('%s', (_name, output, code, words) => {
  const verdict = judge(readAudit(output), false);
  expect(verdict).toEqual({ code, line: expect.stringContaining(words) });
});

test.each([
  ['no output', '', 'no answer'],
  ['a page of a proxy', '<html>', 'no answer'],
  ['an error', '{"message":"405 Method Not Allowed"}', '405 Method Not Allowed'],
  ['another error', '{"error":{"summary":"ENOTFOUND"}}', 'ENOTFOUND'],
])(
  'a registry that does not know is said to be so, and fails only where it must not: %s',
  (...row) => {
    const [, output, reason] = row;
    const audit = readAudit(output);
    expect(judge(audit, false)).toEqual({ code: 0, line: expect.stringContaining(reason) });
    expect(judge(audit, true).code).toBe(1);
  },
);
