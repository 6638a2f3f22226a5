import { expect, test } from '@jest/globals';
import type { Asset } from '../../../signaling/contract/index.ts';
import { remainingWords, stateWords } from './library-words.ts';

test.each([
  [null, ''],
  [2, 'a few seconds left'],
  [43, 'about 45 seconds left'],
  [200, 'about 3 minutes left'],
  [9_000, 'about 3 hours left'],
])('%p seconds more: %s', (seconds, words) => expect(remainingWords(seconds)).toBe(words));

const asset = (facts: Partial<Asset>): Asset => ({
  ...{ id: 'ABCDEFGHIJKLMNOP', title: '', description: '', kind: 'video', state: 'preparing' },
  ...{ visibility: 'private', tags: [], createdAt: '', updatedAt: '', watchable: false, files: [] },
  ...facts,
});

test.each([
  [{ state: 'ready' }, ''],
  [{ state: 'uploading' }, 'Being uploaded'],
  [{ state: 'refused', reason: 'It is empty.' }, 'It is empty.'],
  [{}, 'Waits to be made ready'],
  [{ progress: { fraction: 0.999 } }, 'Being made ready, 99 %'],
  [{ progress: { fraction: 0.4 }, watchable: true }, 'Being made ready, 40 % · watchable already'],
] as const)('%j is said as %s', (facts, words) => expect(stateWords(asset(facts))).toBe(words));
