import { expect, test } from '@jest/globals';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { passingTrouble } from './passing.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });
const ofS3 = (httpStatusCode: number) =>
  Object.assign(new Error('S3'), { $metadata: { httpStatusCode } });

test.each([
  [new SfumatoError('noRoom', 'There is no room.'), 'There is no room.'],
  [new SfumatoError('unavailable', 'The disk is full.'), 'The disk is full.'],
  [coded('ENOSPC'), 'The disk is full.'],
  [coded('EIO'), 'The disk cannot be used at the moment.'],
  [coded('ECONNREFUSED'), 'A server that is needed does not answer.'],
  [Object.assign(new Error('full'), { errcode: 13 }), 'The database cannot be used at the moment.'],
  [coded('57P03'), 'The database cannot be used at the moment.'],
  [ofS3(503), 'The storage of media files does not answer.'],
])('%s passes', (error, expected) => {
  expect(passingTrouble(error)).toBe(expected);
});

test.each([
  [new SfumatoError('unsupportedMedia', '')],
  [new SfumatoError('timeout', 'ffmpeg was stopped.')],
  [new Error('anything')],
  [coded('ENOENT')],
  [coded('EPIPE')],
  [ofS3(400)],
  ['thrown'],
])('%s is counted', (error) => {
  expect(passingTrouble(error)).toBeUndefined();
});
