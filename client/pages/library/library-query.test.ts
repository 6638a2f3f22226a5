import { describe, expect, test } from '@jest/globals';
import {
  addressOfQuery,
  EVERYTHING,
  isInOwnOrder,
  isNarrowed,
  queryOfAddress,
  showsNewestFirst,
  tagsOfText,
} from './library-query.ts';

const COLLECTION = 'ABCDEFGHIJKLMNOP';

describe('what is looked for, in the page’s address', () => {
  test.each([
    ['', EVERYTHING],
    ['?text=sea+at+night', { ...EVERYTHING, text: 'sea at night' }],
    ['?kind=video&sort=longest', { ...EVERYTHING, kind: 'video', sort: 'longest' }],
    ['?tag=blue&tag=big+sea', { ...EVERYTHING, tags: ['blue', 'big sea'] }],
    [
      `?state=ready&visibility=private&collection=${COLLECTION}`,
      { ...EVERYTHING, state: 'ready', visibility: 'private', collection: COLLECTION },
    ],
  ] as const)('%s, there and back', (address, query) => {
    expect(queryOfAddress(address)).toEqual(query);
    expect(queryOfAddress(addressOfQuery({ ...query, tags: [...query.tags] }))).toEqual(query);
  });

  test.each(['?kind=cat', '?sort=random', '?collection=small', '?sort=collection', '?x=1'])(
    'what it does not know counts as not said: %s',
    (address) => expect(addressOfQuery(queryOfAddress(address))).toBe(''),
  );

  test('a collection has its own order, where no other is named', () => {
    const inCollection = { ...EVERYTHING, collection: COLLECTION };
    expect(isInOwnOrder(inCollection)).toBe(true);
    expect(isInOwnOrder({ ...inCollection, sort: 'title' })).toBe(false);
    expect(isInOwnOrder(EVERYTHING)).toBe(false);
    expect(showsNewestFirst(EVERYTHING)).toBe(true);
    expect(showsNewestFirst(inCollection)).toBe(false);
    expect(isNarrowed(inCollection)).toBe(false);
    expect(isNarrowed({ ...EVERYTHING, tags: ['blue'] })).toBe(true);
  });

  test('tags of a text, each once', () => {
    expect(tagsOfText(' sea, big   blue,,sea ')).toEqual(['sea', 'big blue']);
  });
});
