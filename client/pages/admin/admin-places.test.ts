import { describe, expect, test } from '@jest/globals';
import { addressOfPlace, nextOf, placeOf, placesFor } from './admin-places.ts';
import { NOBODY, sessionOf } from '../session.ts';

const somebody = (...scopes: string[]) => sessionOf({ principal: { id: '1', name: 'a', scopes } });
const ADMINISTRATOR = somebody('admin');
const BROADCASTER = somebody('channels:read', 'channels:publish');
const VIEWER = somebody();

describe('the parts of /admin', () => {
  test.each([
    ['nobody', NOBODY, []],
    ['a viewer', VIEWER, ['you']],
    ['a broadcaster', BROADCASTER, ['channels', 'tokens', 'you']],
    ['an administrator', ADMINISTRATOR, ['channels', 'people', 'defaults', 'tokens', 'log', 'you']],
  ])('%s is shown %j', (_who, who, names) => {
    expect(placesFor(who).map(({ name }) => name)).toEqual(names);
  });

  test.each([
    ['', ADMINISTRATOR, 'channels'],
    ['?at=people', ADMINISTRATOR, 'people'],
    ['?at=people', BROADCASTER, 'channels'],
    ['?at=nowhere', VIEWER, 'you'],
  ])('%j leads to what is for whoever looks', (search, who, name) => {
    expect(placeOf(search, who)).toBe(name);
  });

  test.each([
    ['', null],
    ['?next=%2Fwatch%2Fstudio%3Ft%3D3', '/watch/studio?t=3'],
    ['?next=https%3A%2F%2Fevil.example%2F', null],
    ['?next=%2F%2Fevil.example%2F', null],
    ['?next=javascript%3Aalert(1)', null],
    ['?next=%2F%5Cevil.example', null],
  ])('%j goes on to %j', (search, next) => {
    expect(nextOf(search, 'https://v.example')).toBe(next);
  });

  test('every address leads back to its part', () => {
    for (const { name } of placesFor(ADMINISTRATOR)) {
      const { search } = new URL(addressOfPlace(name), 'http://localhost');
      expect(placeOf(search, ADMINISTRATOR)).toBe(name);
    }
  });
});
