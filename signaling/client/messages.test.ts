import { expect, test } from '@jest/globals';
import { NOTIFICATIONS } from '../contract/index.ts';
import { parseServerMessage } from './messages.ts';

/** What is wrong with a message, by where it is wrong. */
function faults(message: unknown): string[] {
  try {
    parseServerMessage(JSON.stringify(message));
    return [];
  } catch (error) {
    const issues: unknown = Reflect.get(Object(error), 'issues');
    return Array.isArray(issues)
      ? issues.map((issue: unknown) => String(Reflect.get(Object(issue), 'path')))
      : [String(error)];
  }
}

test.each(Object.keys(NOTIFICATIONS))('%s is a notification that the client reads', (event) => {
  // Empty data does not fit most of them; the event itself fits all.
  expect(faults({ event, data: {} })).not.toContain('event');
});

test('one that is not in the contract is passed over', () => {
  expect(parseServerMessage('{"event":"somethingNew","data":{}}')).toEqual({
    kind: 'unknown',
    event: 'somethingNew',
  });
});
