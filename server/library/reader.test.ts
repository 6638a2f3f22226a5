import { describe, expect, test } from '@jest/globals';
import { OPEN_RULES, VISIBILITIES, type Visibility } from '../../signaling/contract/index.ts';
import {
  mayChange,
  mayFind,
  maySee,
  mayWatchAsset,
  type Reader,
  SERVER,
  STRANGER,
} from './reader.ts';

const reader: Reader = { id: 'other', role: 'reader' };
const owner: Reader = { id: 'me', role: 'reader' };
const restricted: Reader = { id: 'me', role: 'stranger' };

const signedIn: Reader = {
  ...STRANGER,
  proof: { isSignedIn: true, pass: undefined, site: undefined },
};

const seen = (may: (visibility: Visibility) => boolean) => VISIBILITIES.filter(may);

/** An Asset of its owner’s, with nothing ruled but who may see it. */
function asset(visibility: Visibility) {
  const rules = { ...OPEN_RULES, embedSites: null, visibility };
  return { id: 'A', ownerId: 'me', passwordVersion: 0, ...rules };
}

const NOT_PRIVATE = VISIBILITIES.filter((visibility) => visibility !== 'private');

describe('who may', () => {
  test.each([
    ['a stranger', STRANGER, ['public', 'unlisted'], ['public'], [], false],
    [
      'who is signed in',
      signedIn,
      ['public', 'unlisted', 'signedIn'],
      ['public', 'signedIn'],
      [],
      false,
    ],
    ['a reader', reader, NOT_PRIVATE, NOT_PRIVATE, NOT_PRIVATE, false],
    ['the owner', owner, VISIBILITIES, VISIBILITIES, VISIBILITIES, true],
    ['the owner by id alone', restricted, VISIBILITIES, VISIBILITIES, VISIBILITIES, true],
    ['an administrator', SERVER, VISIBILITIES, VISIBILITIES, VISIBILITIES, true],
  ])('%s', (_who, who, see, find, findUnwatchable, change) => {
    const ownerId = 'me';
    expect(seen((visibility) => mayWatchAsset(who, asset(visibility), ['*']).may)).toEqual(see);
    const found = (watchable: boolean) =>
      seen((visibility) => mayFind(who, { ...asset(visibility), watchable }));
    expect(found(true)).toEqual(find);
    expect(found(false)).toEqual(findUnwatchable);
    expect(mayChange(who, { ownerId })).toBe(change);
  });

  test('a collection is shut by `private` alone', () => {
    expect(maySee(STRANGER, { visibility: 'unlisted', ownerId: 'me' })).toBe(true);
    expect(maySee(STRANGER, { visibility: 'private', ownerId: 'me' })).toBe(false);
    expect(maySee(owner, { visibility: 'private', ownerId: 'me' })).toBe(true);
  });

  test('nobody in particular does not own what has no owner', () => {
    expect(maySee(STRANGER, { visibility: 'private', ownerId: null })).toBe(false);
  });
});
