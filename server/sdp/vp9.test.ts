import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CAPABILITIES } from './capabilities-for-tests.ts';
import { readPublishingOffer } from './publishing-offer.ts';
import { SdpError } from './sdp-error.ts';
import { readViewingOffer } from './viewing-offer.ts';

const FOLDER = resolve(import.meta.dirname, '../../test/corpus/sdp');

describe('VP9 (RFC 9628)', () => {
  const offerOf = (name: string) =>
    readFileSync(join(FOLDER, `${name}.sdp`), 'utf8').replaceAll(/\r?\n/g, '\r\n');
  /** The offer without the codecs that we would rather take. */
  const onlyVp9 = (sdp: string) => sdp.replaceAll(/ (VP8|H264)\/90000/g, ' X-OTHER/90000');
  const codecsOf = (sdp: string) => {
    const { tracks } = readPublishingOffer(sdp, CAPABILITIES);
    return tracks.find(({ kind }) => kind === 'video')?.rtpParameters.codecs ?? [];
  };

  test.each(['chromium-whip', 'firefox-whip'])('%s: taken where there is no other', (name) => {
    expect(codecsOf(offerOf(name))[0]?.mimeType).toBe('video/VP8');
    const [codec] = codecsOf(onlyVp9(offerOf(name)));
    expect(codec?.mimeType).toBe('video/VP9');
    expect(codec?.parameters?.['profile-id'] ?? 0).toBe(0);
  });

  test('its other profiles are not', () => {
    const sdp = onlyVp9(offerOf('chromium-whip')).replaceAll('profile-id=0', 'profile-id=1');
    expect(() => codecsOf(sdp)).toThrow('VP8, H.264 constrained baseline or VP9 profile 0');
  });

  test('nor is its simulcast', () => {
    expect(() => codecsOf(onlyVp9(offerOf('chromium-whip-simulcast')))).toThrow(SdpError);
  });

  test.each([
    ['chromium-whep', ['video/vp8', 'video/vp9', 'video/h264']],
    ['aiortc-whep', ['video/vp8', 'video/h264']],
  ])('%s: sent to those who offer it', (name, expected) => {
    const { payloadTypes } = readViewingOffer(offerOf(name), CAPABILITIES);
    const video = Object.keys(payloadTypes).filter((mimeType) => mimeType.startsWith('video/'));
    expect(video.toSorted()).toEqual(expected.toSorted());
  });
});
