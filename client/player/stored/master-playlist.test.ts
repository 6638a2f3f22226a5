import { expect, test } from '@jest/globals';
import { masterPlaylist } from './master-playlist.ts';

test('AAC where it can be played, else Opus', () => {
  const browser = (answer: CanPlayTypeResult) => ({ canPlayType: () => answer });
  expect(masterPlaylist(browser('probably'))).toBe('master.m3u8');
  expect(masterPlaylist(browser('maybe'))).toBe('master.m3u8');
  expect(masterPlaylist(browser(''))).toBe('master-opus.m3u8');
});
