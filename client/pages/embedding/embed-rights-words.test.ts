import { expect, test } from '@jest/globals';
import { VISIBILITIES } from '../../../signaling/contract/index.ts';
import { needsToken, rightsWords, sitesAllowedWords } from './embed-rights-words.ts';

test.each(VISIBILITIES)('%s: whatever keeps somebody from watching is said', (visibility) => {
  expect(rightsWords(visibility, false) !== '').toBe(needsToken(visibility));
  expect(rightsWords(visibility, true) !== '').toBe(needsToken(visibility));
});

test.each([
  [null, ''],
  [{ embedSites: null }, ''],
  [{ embedSites: ['*'] }, ''],
  [{ embedSites: [] }, 'No site may embed it: it is watched here only.'],
  [{ embedSites: ['https://a.example'] }, 'It can be embedded on https://a.example only.'],
])('%j: %s', (rules, words) => {
  expect(sitesAllowedWords(rules)).toBe(words);
});
