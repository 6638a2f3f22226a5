import { describe, expect, test } from '@jest/globals';
import { Scrub } from './scrub.ts';

describe('Scrub', () => {
  test('not held: every place exactly, and nothing to let go', () => {
    const scrub = new Scrub();
    expect([scrub.goTo(1), scrub.goTo(2)]).toEqual(['exactly', 'exactly']);
    expect(scrub.release()).toBeNull();
  });

  test('a click', () => {
    const scrub = new Scrub();
    scrub.hold();
    expect(scrub.goTo(5)).toBe('exactly');
    expect(scrub.release()).toEqual({ seconds: 5, dragged: false });
    expect(scrub.held).toBe(false);
  });

  test('a drag, and the next one begins anew', () => {
    const scrub = new Scrub();
    scrub.hold();
    expect([scrub.goTo(5), scrub.goTo(6), scrub.goTo(7)]).toEqual([
      'exactly',
      'roughly',
      'roughly',
    ]);
    expect(scrub.release()).toEqual({ seconds: 7, dragged: true });
    scrub.hold();
    expect(scrub.release()).toBeNull();
    scrub.hold();
    expect(scrub.goTo(8)).toBe('exactly');
  });
});
