import { expect, test } from '@jest/globals';
import { handOnInPlaylist, handOnInPreview } from './handing-on.ts';

test('a playlist hands the token on to what it names, and to nothing else', () => {
  const playlist = [
    '#EXTM3U',
    '#EXT-X-MAP:URI="../files/video-0.mp4",BYTERANGE="7@0"',
    '#EXTINF:4.00000,',
    '../files/video-0.mp4',
    '#EXT-X-MEDIA:TYPE=AUDIO,NAME="URI of a sound",URI="audio.m3u8?x=1"',
    '',
  ].join('\n');
  expect(handOnInPlaylist(playlist, 'a.b.c').split('\n')).toEqual([
    '#EXTM3U',
    '#EXT-X-MAP:URI="../files/video-0.mp4?token=a.b.c",BYTERANGE="7@0"',
    '#EXTINF:4.00000,',
    '../files/video-0.mp4?token=a.b.c',
    '#EXT-X-MEDIA:TYPE=AUDIO,NAME="URI of a sound",URI="audio.m3u8?x=1&token=a.b.c"',
    '',
  ]);
});

test('a token that is none breaks nothing', () => {
  expect(handOnInPlaylist('#X:URI="a"', '"\n#')).toBe('#X:URI="a?token=%22%0A%23"');
});

test('the pictures of a preview', () => {
  const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\npreview-0.jpg#xywh=0,0,160,90\n';
  expect(handOnInPreview(vtt, 'a.b.c')).toContain('\npreview-0.jpg?token=a.b.c#xywh=0,0,160,90\n');
});
