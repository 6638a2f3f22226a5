import { describe, expect, test } from '@jest/globals';
import { preferenceOf } from './rendition-menu.ts';

describe('preferenceOf', () => {
  test.each([
    [undefined, 'auto'],
    ['0', 0],
    ['2', 2],
    ['audioOnly', 'audioOnly'],
  ])('the rendition %j asks for %j', (id, expected) => {
    expect(preferenceOf(id)).toBe(expected);
  });
});
