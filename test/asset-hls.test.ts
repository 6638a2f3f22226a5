import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startApp, type TestApp } from './support/app.ts';
import { type LibraryBehind, makeCaptionedFilm, openLibrary } from './support/library.ts';

const run = promisify(execFile);
const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
/** Players need no token for it, which would stand in the list of processes for everybody to read. */
const UNLISTED = { visibility: 'unlisted' } as const;
const SECONDS = 23;
const FRAMES_PER_SECOND = 25;

/** The project's set-up installs it where it can. */
const MPV = '/usr/bin/mpv';

const probeSchema = z.object({
  format: z.object({ duration: z.coerce.number() }),
  streams: z.array(
    z.object({ codec_type: z.string(), nb_read_frames: z.coerce.number().optional() }),
  ),
});

/** What ffmpeg's own HLS client reads of it, frame by frame. */
async function play(url: string, ...options: string[]) {
  const { stdout } = await run(process.env['FFPROBE_PATH'] ?? 'ffprobe', [
    ...['-v', 'error', ...options],
    ...['-count_frames', '-show_entries', 'format=duration:stream=codec_type,nb_read_frames'],
    ...['-of', 'json', url],
  ]);
  return probeSchema.parse(JSON.parse(stdout));
}

describe('HLS of an Asset', () => {
  let folder = '';
  let server: TestApp;
  let library: LibraryBehind;
  let film = '';
  let sound = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-hls-'));
    server = await startApp({ ADMIN_TOKEN });
    library = await openLibrary(server);
    const path = await makeCaptionedFilm(folder, { seconds: SECONDS, words: 'Hear "this"' });
    film = await library.put(path, { title: 'Film', ...UNLISTED });
    const tone = join(folder, 'tone.flac');
    await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
      ...['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=duration=12', tone],
    ]);
    sound = await library.put(tone, { title: 'Tone', ...UNLISTED });
    await library.ready(film);
    await library.ready(sound);
  });
  afterAll(async () => {
    await library.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const hls = (id: string, name: string) => `${server.url}/api/v1/assets/${id}/hls/${name}`;

  async function read(url: string, headers: Record<string, string> = {}) {
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    return fetch(url, { headers: { authorization, ...headers } });
  }

  /** The playlists that a playlist names. */
  function uris(text: string): string[] {
    const named = [...text.matchAll(/URI="([^"]+\.m3u8)"/g)].map(([, uri = '']) => uri);
    return [...new Set([...named, ...text.split('\n').filter((line) => /^[^#]/.test(line))])];
  }

  test('the master names every Rendition with the sound, captions and key frames', async () => {
    const answer = await read(hls(film, 'master.m3u8'));
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/vnd\.apple\.mpegurl/);
    expect(answer.headers.get('Cache-Control')).toBe('private, no-cache');
    const text = await answer.text();
    expect(text.replaceAll(/BANDWIDTH=\d+/g, 'BANDWIDTH=n').split('\n')).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-aac.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions-0.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=n,AVERAGE-BANDWIDTH=n,CODECS="avc1.42c01f,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=25.000,AUDIO="aac",SUBTITLES="captions"',
      'video-0.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=n,AVERAGE-BANDWIDTH=n,CODECS="avc1.42c01f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000,AUDIO="aac",SUBTITLES="captions"',
      'video-1.m3u8',
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=n,AVERAGE-BANDWIDTH=n,CODECS="avc1.42c01f",RESOLUTION=320x180,URI="video-0-iframes.m3u8"',
      '',
    ]);
    for (const uri of uris(text)) {
      const playlist = await read(hls(film, uri));
      expect([uri, playlist.status]).toEqual([uri, 200]);
      expect(await playlist.text()).toMatch(/^#EXTM3U\n[^]*#EXT-X-ENDLIST\n$/);
    }
  });

  test('segments begin at the same times in all Renditions, and lie side by side', async () => {
    const [low, high] = await Promise.all(
      ['video-0.m3u8', 'video-1.m3u8'].map(async (name) => (await read(hls(film, name))).text()),
    );
    const durations = (text = '') => text.match(/#EXTINF:[\d.]+/g);
    expect(durations(low)).toEqual(durations(high));
    expect(durations(low)?.length).toBe(5);
    const ranges = [...(low ?? '').matchAll(/BYTERANGE[:=]"?(\d+)@(\d+)/g)];
    let end = 0;
    for (const [, bytes, offset] of ranges) {
      expect(Number(offset)).toBe(end);
      end += Number(bytes);
    }
  });

  test('the same with Opus, for players without AAC', async () => {
    const text = await (await read(hls(film, 'master-opus.m3u8'))).text();
    const aac = await (await read(hls(film, 'master.m3u8'))).text();
    const neutral = (one: string) =>
      one
        .replaceAll(/BANDWIDTH=\d+/g, 'BANDWIDTH=n')
        .replaceAll(/mp4a\.40\.2|\bopus\b/g, 'aac')
        .replaceAll('audio-aac.m3u8', 'audio.m3u8');
    expect(text).toContain('CODECS="avc1.42c01f,opus"');
    expect(neutral(text)).toBe(neutral(aac).replaceAll('mp4a.40.2', 'aac'));
  });

  test.each([
    ['master', 0],
    ['master', 1],
    ['master-opus', 0],
    ['master-opus', 1],
  ])('ffmpeg plays of %s Rendition %i whole', async (master, program) => {
    const { format, streams } = await play(
      hls(film, `${master}.m3u8`),
      '-select_streams',
      `p:${program}`,
    );
    expect(format.duration).toBeCloseTo(SECONDS, 1);
    const video = streams.find(({ codec_type: type }) => type === 'video');
    const file = await play(`${server.url}/api/v1/assets/${film}/files/video-${program}.mp4`);
    expect(file.streams[0]?.nb_read_frames).toBeGreaterThanOrEqual(SECONDS * FRAMES_PER_SECOND);
    expect(video?.nb_read_frames).toBe(file.streams[0]?.nb_read_frames);
    expect(streams.map(({ codec_type: type }) => type)).toContain('audio');
  });

  (existsSync(MPV) ? test : test.skip)('mpv plays it from its beginning to its end', async () => {
    const { stdout, stderr } = await run(MPV, [
      ...['--no-config', '--vo=null', '--ao=null', '--ao-null-untimed', '--untimed'],
      '--term-playing-msg=began ${width}x${height} ${audio-codec-name}',
      '--term-status-msg=at ${=time-pos} of ${=duration}',
      hls(film, 'master.m3u8'),
    ]);
    expect(stdout).toMatch(/began 640x360 (?:aac|opus)/);
    const told = [...stderr.matchAll(/at ([\d.]+) of ([\d.]+)/g)].map((it) => it.map(Number));
    expect(told[0]?.[1]).toBeLessThan(4);
    expect(told.at(-1)?.[1]).toBeGreaterThan(SECONDS - 0.2);
    expect(told.at(-1)?.[2]).toBeCloseTo(SECONDS, 0);
  });

  test('every key frame of the I-frame playlist is a picture by itself', async () => {
    const text = await (await read(hls(film, 'video-0-iframes.m3u8'))).text();
    const [map, ...pictures] = [...text.matchAll(/BYTERANGE[:=]"?(\d+)@(\d+)/g)].map(
      ([, bytes, offset]) => `bytes=${Number(offset)}-${Number(offset) + Number(bytes) - 1}`,
    );
    expect(pictures).toHaveLength(SECONDS);
    const url = `${server.url}/api/v1/assets/${film}/files/video-0.mp4`;
    const part = async (range = '') => {
      const answer = await read(url, { range });
      expect(answer.status).toBe(206);
      return Buffer.from(await answer.arrayBuffer());
    };
    const head = await part(map);
    for (const range of [pictures[0], pictures[7], pictures.at(-1)]) {
      const file = join(folder, 'picture.mp4');
      const bytes = await part(range);
      // The fragment says that more pictures follow: only the first one's bytes are there.
      await writeFile(file, Buffer.concat([head, bytes]));
      const { stdout } = await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
        ...['-v', 'error', '-i', file, '-frames:v', '1', '-f', 'framecrc', '-'],
      ]);
      expect(stdout.split('\n').filter((line) => line.startsWith('0,'))).toHaveLength(1);
    }
  });

  test('a sound is played alone', async () => {
    const { format, streams } = await play(hls(sound, 'master.m3u8'), '-select_streams', 'p:0');
    expect(format.duration).toBeCloseTo(12, 0);
    expect(streams).toMatchObject([{ codec_type: 'audio' }]);
    expect(streams[0]?.nb_read_frames).toBeGreaterThan((12 * 44_100) / 1024);
    expect(await (await read(hls(sound, 'master.m3u8'))).text()).not.toContain('RESOLUTION');
  });

  test('captions are where the playlist says', async () => {
    const text = await (await read(hls(film, 'captions-0.m3u8'))).text();
    const [uri = ''] = uris(text);
    const vtt = await read(new URL(uri, hls(film, 'captions-0.m3u8')).href);
    expect(vtt.headers.get('Content-Type')).toBe('text/vtt');
    expect(await vtt.text()).toContain('Hear "this"');
  });

  test('what was seen is not sent again', async () => {
    const first = await read(hls(film, 'master.m3u8'));
    const etag = first.headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = await read(hls(film, 'master.m3u8'), { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test.each([
    'other.m3u8',
    'video-9.m3u8',
    'poster-320.m3u8',
    'audio-iframes.m3u8',
    'waveform.m3u8',
  ])('%s is not there', async (name) => {
    expect((await read(hls(film, name))).status).toBe(404);
  });

  test('while only the first Rendition is there, the master names it alone', async () => {
    const asset = await library.assets.get(film, { id: undefined, role: 'administrator' });
    const files = asset.files.filter(
      ({ name }) => !['video-1.mp4', 'audio-aac.mp4'].includes(name),
    );
    await library.assets.record(film, { files });
    const text = await (await read(hls(film, 'master.m3u8'))).text();
    expect(uris(text)).toEqual([
      'audio.m3u8',
      'captions-0.m3u8',
      'video-0-iframes.m3u8',
      'video-0.m3u8',
    ]);
    const { streams } = await play(hls(film, 'master.m3u8'), '-select_streams', 'p:0');
    expect(streams.map(({ codec_type: type }) => type).toSorted()).toContain('video');
    await library.assets.record(film, { files: asset.files });
  });
});
