import { describe, expect, test } from '@jest/globals';
import { probeSchema, toMediaInfo } from './media-info.ts';

const video = {
  codec_type: 'video',
  codec_name: 'h264',
  width: 1920,
  height: 1080,
  r_frame_rate: '30/1',
  avg_frame_rate: '30/1',
};
const read = (streams: object[], format: object = {}) =>
  toMediaInfo(probeSchema.parse({ streams, format: { format_name: 'mov,mp4', ...format } }));
const size = (stream: object) => {
  const info = read([{ ...video, ...stream }]).video;
  return info && [info.displayWidth, info.displayHeight, info.rotation];
};

describe('toMediaInfo', () => {
  test.each([
    ['plain', {}, [1920, 1080, 0]],
    ['display matrix -90', { side_data_list: [{ rotation: -90 }] }, [1080, 1920, 90]],
    ['display matrix 90', { side_data_list: [{}, { rotation: 90 }] }, [1080, 1920, 270]],
    ['display matrix 180', { side_data_list: [{ rotation: -180 }] }, [1920, 1080, 180]],
    ['an old rotate tag', { tags: { rotate: '270' } }, [1080, 1920, 270]],
    ['wide samples', { width: 640, height: 360, sample_aspect_ratio: '2:1' }, [1280, 360, 0]],
    ['narrow samples', { width: 720, height: 576, sample_aspect_ratio: '16:15' }, [768, 576, 0]],
    ['unknown samples', { sample_aspect_ratio: '0:1' }, [1920, 1080, 0]],
    [
      'wide samples, turned',
      { width: 640, height: 360, sample_aspect_ratio: '2:1', side_data_list: [{ rotation: 90 }] },
      [360, 1280, 270],
    ],
  ])('display size: %s', (_name, stream, expected) => {
    expect(size(stream)).toEqual(expected);
  });

  test.each([
    ['constant', '30/1', '30/1', false],
    ['NTSC, nearly', '30000/1001', '2997/100', false],
    ['a phone', '30/1', '27/1', true],
    ['a screen', '57600/1', '3628800/502589', true],
    ['unknown', '0/0', '0/0', true],
  ])('variable rate: %s', (_name, base, average, expected) => {
    const info = read([{ ...video, r_frame_rate: base, avg_frame_rate: average }]);
    expect(info.video?.variableFrameRate).toBe(expected);
  });

  test('a cover picture is not a video', () => {
    const cover = { ...video, codec_name: 'png', disposition: { attached_pic: 1 } };
    const sound = { codec_type: 'audio', codec_name: 'flac', channels: 2, sample_rate: '44100' };
    const info = read([cover, sound], { duration: '19.5', tags: { TITLE: 'A song' } });
    expect(info.video).toBeUndefined();
    expect(info.audio).toEqual({
      codec: 'flac',
      channels: 2,
      sampleRate: 44100,
      duration: undefined,
    });
    expect(info).toMatchObject({ duration: 19.5, title: 'A song' });
  });

  test('what is not told stays unknown', () => {
    const info = read([{ ...video, duration: 'N/A' }], { duration: '0.000' });
    expect(info.duration).toBeUndefined();
    expect(info.video?.duration).toBeUndefined();
  });
});
