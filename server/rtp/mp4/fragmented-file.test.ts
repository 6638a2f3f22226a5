import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EncodedPacketSink, FilePathSource, Input, MP4 } from 'mediabunny';
import { FragmentedFile, type ReadSample } from './fragmented-file.ts';

const run = promisify(execFile);
const SECONDS = 4;

/** Every sample, as somebody else's reader finds it. */
async function samplesOf(path: string): Promise<ReadSample[]> {
  const input = new Input({ source: new FilePathSource(path), formats: [MP4] });
  const [track] = await input.getTracks();
  if (track === undefined) throw new Error('no track');
  const samples: ReadSample[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    samples.push({
      time: packet.timestamp,
      duration: packet.duration,
      isKeyFrame: packet.type === 'key',
      data: Buffer.from(packet.data),
    });
  }
  input.dispose();
  return samples;
}

describe('a fragmented file is read as mediabunny reads it', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  /** Odd times: 30000/1001 pictures a second, key frames every 7th, sound with a run-in, and a late beginning. */
  const FILES = {
    'video.mp4': '-f lavfi -i testsrc2=size=160x90:rate=30000/1001 -c:v libx264 -g 7 -bf 0',
    'late.mp4':
      '-f lavfi -itsoffset 0.5 -i testsrc2=size=160x90:rate=25 -c:v libx264 -g 25 -bf 0 -avoid_negative_ts disabled',
    'sound.mp4': '-f lavfi -i sine=sample_rate=48000 -c:a libopus -frag_duration 1000000',
    'aac.mp4': '-f lavfi -i sine=sample_rate=44100 -c:a aac -frag_duration 300000',
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-fragments-'));
    for (const [name, how] of Object.entries(FILES)) {
      const cut = how.includes('-frag_duration') ? '' : 'frag_keyframe+';
      await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
        ...['-hide_banner', '-loglevel', 'error', ...how.split(' '), '-t', String(SECONDS)],
        ...['-movflags', `+${cut}empty_moov+default_base_moof`, path(name)],
      ]);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(Object.keys(FILES))('%s, sample by sample', async (name) => {
    const wanted = await samplesOf(path(name));
    const file = await FragmentedFile.open(path(name));
    const got = await file.between(Number.NEGATIVE_INFINITY, 100);
    expect(got.map(rounded)).toEqual(wanted.map(rounded));
    expect(rounded(await file.first())).toEqual(rounded(wanted[0]));
    expect(rounded(await file.last())).toEqual(rounded(wanted.at(-1)));
    await file.close();
  });

  test.each(Object.keys(FILES))('%s, piece by piece: none twice, none missing', async (name) => {
    const file = await FragmentedFile.open(path(name));
    const all = await file.between(Number.NEGATIVE_INFINITY, 100);
    const pieces: ReadSample[] = [];
    for (let at = -1; at < SECONDS + 1; at += 0.25) {
      const piece = await file.between(at, at + 0.25);
      for (const { time } of piece) expect(time >= at && time < at + 0.25).toBe(true);
      pieces.push(...piece);
    }
    expect(pieces).toEqual(all);
    expect(await file.between(50, 51)).toEqual([]);
    await file.close();
  });

  test('what is cut off is no file of ours, and is said', async () => {
    await run('cp', [path('video.mp4'), path('cut.mp4')]);
    await truncate(path('cut.mp4'), 5_000);
    await expect(FragmentedFile.open(path('cut.mp4'))).rejects.toThrow('mfro');
    await truncate(path('cut.mp4'), 3);
    await expect(FragmentedFile.open(path('cut.mp4'))).rejects.toThrow('too short');
    await expect(FragmentedFile.open(path('none.mp4'))).rejects.toThrow('ENOENT');
  });
});

const rounded = (sample: ReadSample | undefined) =>
  sample && {
    ...sample,
    time: Math.round(sample.time * 1e6),
    duration: Math.round(sample.duration * 1e6),
    data: sample.data.toString('base64'),
  };
