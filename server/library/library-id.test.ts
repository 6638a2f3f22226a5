import { expect, test } from '@jest/globals';
import { channelIdSchema, libraryIdSchema } from '../../signaling/contract/index.ts';
import { newLibraryId } from './library-id.ts';

test('ids are as the contract says, differ, and are never a Channel’s', () => {
  const ids = Array.from({ length: 2_000 }, newLibraryId);
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) {
    expect(libraryIdSchema.safeParse(id).success).toBe(true);
    expect(channelIdSchema.safeParse(id).success).toBe(false);
  }
});

test.each([
  '',
  'demo',
  'abcdefghijklmnop',
  '2BCDEFGHIJKLMNOP',
  'ABCDEFGHIJKLMNO',
  '../../etc/passwd',
])('%j is no id of the library', (id) => {
  expect(libraryIdSchema.safeParse(id).success).toBe(false);
});
