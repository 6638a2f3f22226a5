import { expect, test } from '@jest/globals';
import { captionProperties, captionStyleOf } from './caption-style.ts';

test.each([
  ['nothing', null, { size: 'usual', ground: 'half', color: 'white' }],
  [
    'what was chosen',
    '{"size":"large","ground":"none","color":"yellow"}',
    { size: 'large', ground: 'none', color: 'yellow' },
  ],
  ['a part of it', '{"size":"small"}', { size: 'small', ground: 'half', color: 'white' }],
  ['what is none', '{"size":"huge","ground":5}', { size: 'usual', ground: 'half', color: 'white' }],
  ['another thing', '7', { size: 'usual', ground: 'half', color: 'white' }],
])('of %s', (_what, text, style) => {
  expect(captionStyleOf(text)).toEqual(style);
});

test('is told to the player', () => {
  expect(captionProperties({ size: 'largest', ground: 'full', color: 'yellow' })).toEqual({
    '--captions-size': '1.9',
    '--captions-background': '#000',
    '--captions-color': '#ffe55c',
  });
});
