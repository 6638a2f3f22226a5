import { describe, expect, test } from '@jest/globals';
import { VISIBILITIES, type Visibility } from '../../signaling/contract/index.ts';
import { mayChange, mayFind, maySee, type Reader, SERVER, STRANGER } from './reader.ts';

const reader: Reader = { id: 'other', role: 'reader' };
const owner: Reader = { id: 'me', role: 'reader' };
const restricted: Reader = { id: 'me', role: 'stranger' };

const seen = (may: (visibility: Visibility) => boolean) => VISIBILITIES.filter(may);

describe('who may', () => {
  test.each([
    ['a stranger', STRANGER, ['public', 'unlisted'], ['public'], [], false],
    [
      'a reader',
      reader,
      ['public', 'unlisted'],
      ['public', 'unlisted'],
      ['public', 'unlisted'],
      false,
    ],
    ['the owner', owner, VISIBILITIES, VISIBILITIES, VISIBILITIES, true],
    ['the owner by id alone', restricted, VISIBILITIES, VISIBILITIES, VISIBILITIES, true],
    ['an administrator', SERVER, VISIBILITIES, VISIBILITIES, VISIBILITIES, true],
  ])('%s', (_who, who, see, find, findUnwatchable, change) => {
    const ownerId = 'me';
    expect(seen((visibility) => maySee(who, { visibility, ownerId }))).toEqual(see);
    const found = (watchable: boolean) =>
      seen((visibility) => mayFind(who, { visibility, ownerId, watchable }));
    expect(found(true)).toEqual(find);
    expect(found(false)).toEqual(findUnwatchable);
    expect(mayChange(who, { ownerId })).toBe(change);
  });

  test('nobody in particular does not own what has no owner', () => {
    expect(maySee(STRANGER, { visibility: 'private', ownerId: null })).toBe(false);
  });
});
