import { expect, test } from '@jest/globals';
import { createProgressReader, type Progress } from './progress.ts';

test('blocks are read however they are cut', () => {
  const seen: Progress[] = [];
  const read = createProgressReader(10, (progress) => seen.push(progress));
  const text =
    'frame=0\nout_time_us=N/A\nspeed=N/A\nprogress=continue\n' +
    'frame=75\nout_time_us=2500000\nspeed=1.25x\nprogress=continue\n' +
    'out_time_us=11000000\nspeed= 2x\nprogress=end\n';
  for (const letter of text) read(letter);
  expect(seen).toEqual([
    { seconds: 0, fraction: 0, speed: undefined },
    { seconds: 2.5, fraction: 0.25, speed: 1.25 },
    { seconds: 11, fraction: 1, speed: 2 },
  ]);
});

test('without a length there is no fraction', () => {
  const seen: Progress[] = [];
  createProgressReader(undefined, (progress) => seen.push(progress))(
    'out_time_us=1000000\nprogress=continue\n',
  );
  expect(seen).toEqual([{ seconds: 1, fraction: undefined, speed: undefined }]);
});
