import { expect, test } from '@jest/globals';
import type { Finding } from '../../signaling/contract/index.ts';
import { OWN_BLACK, relevantFindings, withOwn } from './findings.ts';

const finding = (code: Finding['code'], severity: Finding['severity'] = 'hint'): Finding => ({
  code,
  severity,
  message: `${code}.`,
});
const nothingOff = { muted: false, hidden: false, noPicture: false, noMicrophone: false };

test.each([
  [{}, ['silence', 'black', 'noVideo', 'noAudio']],
  [{ muted: true }, ['black', 'noVideo', 'noAudio']],
  [{ hidden: true }, ['silence', 'noVideo', 'noAudio']],
  [{ noPicture: true }, ['silence', 'black', 'noAudio']],
  [{ noMicrophone: true }, ['silence', 'black', 'noVideo']],
])('what is switched off is not found: %j', (off, codes) => {
  const found = [finding('silence'), finding('black'), finding('noVideo'), finding('noAudio')];
  const relevant = relevantFindings(found, { ...nothingOff, ...off });
  expect(relevant.map(({ code }) => code)).toEqual(codes);
});

test('problems come first', () => {
  const found = [finding('singleLayer'), finding('packetLoss', 'problem')];
  expect(relevantFindings(found, nothingOff).map(({ code }) => code)).toEqual([
    'packetLoss',
    'singleLayer',
  ]);
});

test('a black picture is told once', () => {
  const found = [finding('black'), finding('silence')];
  expect(withOwn(found, false)).toEqual(found);
  expect(withOwn(found, true)).toEqual([finding('silence'), OWN_BLACK]);
});
