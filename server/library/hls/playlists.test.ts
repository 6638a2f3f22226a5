import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { captionsPlaylist, type Master, masterPlaylist, mediaPlaylist } from './playlists.ts';

const rates = { peak: 200, average: 100 };
const EMPTY: Master = {
  videos: [],
  sound: undefined,
  captions: [],
  iFrames: [],
  framesPerSecond: undefined,
};
const video = { ...rates, uri: 'video-0.m3u8', codecs: 'avc1.42c01f', width: 320, height: 180 };

describe('playlists', () => {
  test('a media playlist', () => {
    const segments = [
      { offset: 700, bytes: 300, duration: 4.8 },
      { offset: 1000, bytes: 100, duration: 1.2 },
    ];
    const file = { uri: '../files/video-0.mp4', mapBytes: 700, segments };
    expect(mediaPlaylist(file).split('\n')).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:5',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-MAP:URI="../files/video-0.mp4",BYTERANGE="700@0"',
      '#EXTINF:4.80000,',
      '#EXT-X-BYTERANGE:300@700',
      '../files/video-0.mp4',
      '#EXTINF:1.20000,',
      '#EXT-X-BYTERANGE:100@1000',
      '../files/video-0.mp4',
      '#EXT-X-ENDLIST',
      '',
    ]);
    expect(mediaPlaylist(file, { iFramesOnly: true })).toContain('\n#EXT-X-I-FRAMES-ONLY\n');
  });

  test('captions are one segment', () => {
    expect(captionsPlaylist('../files/captions-0.vtt', 62.5)).toBe(
      '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:63\n#EXT-X-PLAYLIST-TYPE:VOD\n' +
        '#EXTINF:62.50000,\n../files/captions-0.vtt\n#EXT-X-ENDLIST\n',
    );
  });

  test('a film without sound names no group', () => {
    const text = masterPlaylist({ ...EMPTY, videos: [video], framesPerSecond: 30_000 / 1001 });
    expect(text).toContain(
      '#EXT-X-STREAM-INF:BANDWIDTH=200,AVERAGE-BANDWIDTH=100,CODECS="avc1.42c01f",RESOLUTION=320x180,FRAME-RATE=29.970\nvideo-0.m3u8\n',
    );
    expect(text).not.toContain('AUDIO');
  });

  test('the bandwidth is that of picture, sound and captions together', () => {
    const sound = { ...rates, id: 'aac', uri: 'audio-aac.m3u8', codecs: 'mp4a.40.2' };
    const captions = [
      { uri: 'captions-0.m3u8', name: 'a', language: 'en', peak: 3, average: 3 },
      { uri: 'captions-1.m3u8', name: 'b', language: 'de', peak: 7, average: 7 },
    ];
    const text = masterPlaylist({ ...EMPTY, videos: [video], sound, captions });
    expect(text).toContain('BANDWIDTH=407,AVERAGE-BANDWIDTH=207,');
  });

  test('whatever captions are called, a line stays a line, and no two have the same name', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('x', '"x"', 'x\n#EXT-X-ENDLIST'),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        const captions = names.map((one, index) => ({
          ...{ ...rates, uri: `captions-${index}.m3u8`, name: one, language: one },
        }));
        const text = masterPlaylist({ ...EMPTY, videos: [video], captions });
        const media = text
          .split(/\r\n|[\n\r\u2028\u2029]/)
          .filter((line) => line.startsWith('#EXT-X-MEDIA'));
        expect(media).toHaveLength(names.length);
        expect(text.split('\n')).toHaveLength(6 + names.length);
        for (const line of media) {
          expect(line).toMatch(
            /^#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="[^"]*",LANGUAGE="[^"]*",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions-\d\.m3u8"$/u,
          );
        }
        expect(new Set(media.map((line) => /NAME="([^"]*)"/.exec(line)?.[1])).size).toBe(
          names.length,
        );
      }),
    );
  });
});
