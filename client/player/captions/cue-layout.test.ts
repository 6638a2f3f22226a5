import { describe, expect, test } from '@jest/globals';
import { type CuePlace, type CueSettings, placeOf } from './cue-layout.ts';

const USUAL: CueSettings = {
  line: 'auto',
  snapToLines: true,
  lineAlign: 'start',
  position: 'auto',
  positionAlign: 'auto',
  size: 100,
  align: 'center',
  vertical: '',
};

describe('placeOf', () => {
  test.each<[string, Partial<CueSettings>, Partial<CuePlace>]>([
    ['as most', {}, { down: null, left: 0, width: 100, textAlign: 'center' }],
    ['half as wide', { size: 50 }, { left: 25, width: 50 }],
    ['in the middle of the left half', { position: 25 }, { left: 0, width: 50 }],
    ['left', { align: 'start', size: 40 }, { left: 0, width: 40, textAlign: 'start' }],
    ['right', { align: 'end', size: 40 }, { left: 60, width: 40, textAlign: 'end' }],
    ['left, moved in', { align: 'left', position: 10 }, { left: 10, width: 90 }],
    [
      'right edge at 80',
      { positionAlign: 'line-right', position: 80, size: 30 },
      { left: 50, width: 30 },
    ],
    ['top line', { line: 0 }, { down: { from: 'top', percent: 0 } }],
    ['second line', { line: 1 }, { down: { from: 'top', percent: 6.5 } }],
    ['last line', { line: -1 }, { down: { from: 'bottom', percent: 0 } }],
    ['at a tenth', { line: 10, snapToLines: false }, { down: { from: 'top', percent: 10 } }],
    [
      'ending at nine tenths',
      { line: 90, snapToLines: false, lineAlign: 'end' },
      { down: { from: 'bottom', percent: 10 } },
    ],
    ['vertical', { vertical: 'rl', line: 0 }, { down: null }],
  ])('%s', (_what, settings, place) => {
    expect(placeOf({ ...USUAL, ...settings })).toMatchObject(place);
  });
});
