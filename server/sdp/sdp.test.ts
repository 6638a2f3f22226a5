import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { rtpCapabilitiesSchema, type WireTransport } from '../../signaling/contract/index.ts';
import { writeAnswer } from './answer.ts';
import { CAPABILITIES } from './capabilities-for-tests.ts';
import { isConstrainedBaseline } from './codecs.ts';
import { readFragment, writeFragment } from './fragment.ts';
import { readPublishingOffer } from './publishing-offer.ts';
import { SdpError } from './sdp-error.ts';
import { parseSession } from './session.ts';
import { listedRids, lowestFirst } from './simulcast.ts';
import { readViewingOffer } from './viewing-offer.ts';

const FOLDER = resolve(import.meta.dirname, '../../test/corpus/sdp');

const TRANSPORT: WireTransport = {
  id: 'transport',
  iceParameters: { usernameFragment: 'ufrag', password: 'password', iceLite: true },
  iceCandidates: [
    {
      foundation: 'udpcandidate',
      priority: 1,
      address: '192.0.2.1',
      ip: '192.0.2.1',
      protocol: 'udp',
      port: 40_000,
      type: 'host',
    },
  ],
  dtlsParameters: { role: 'server', fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
};

const corpus = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sdp'))
  .map((name) => ({
    name: name.replace(/\.sdp$/, ''),
    sdp: readFileSync(join(FOLDER, name), 'utf8').replaceAll(/\r?\n/g, '\r\n'),
  }));
const publishing = corpus.filter(({ name }) => name.includes('whip'));
const viewing = corpus.filter(({ name }) => name.includes('whep'));

const answerTo = (sdp: string) => {
  const offer = readPublishingOffer(sdp, CAPABILITIES);
  const answered = offer.media.map((media, index) => {
    const track = offer.tracks[index];
    if (track === undefined) throw new Error('a section without a track');
    return { ...track, media, direction: 'recvonly' as const };
  });
  return writeAnswer(TRANSPORT, answered);
};

const sections = (sdp: string) =>
  parse(sdp).media.map(({ type, mid }) => ({ type, mid: String(mid) }));

describe('real offers', () => {
  test('of every client that the README names, and of no other', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const rows = readme.split('\n').filter((line) => /^\| \w+-whi?e?p/.test(line));
    const named = rows.flatMap((row) => row.split('|')[1]?.trim().split(', ') ?? []);
    expect(named.toSorted()).toEqual(corpus.map(({ name }) => name).toSorted());
    expect(new Set(corpus.map(({ name }) => name.split('-')[0]))).toEqual(
      new Set([
        'aiortc',
        'chromium',
        'ffmpeg',
        'firefox',
        'gstreamer',
        'libdatachannel',
        'obs',
        'safari',
      ]),
    );
  });

  const VP8 = ['VP8', ['nack', 'nack pli']] as const;
  const H264 = ['H264', ['nack', 'nack pli']] as const;
  // What the SFU is told: codec, feedback, streams (`rid`, or a count of SSRCs), retransmission, DTLS role.
  test.each<
    [string, readonly [string, readonly string[]], string[] | number, boolean, 'client' | 'server']
  >([
    ['aiortc-whip', VP8, 1, true, 'client'],
    ['chromium-whip', ['VP8', ['ccm fir', 'nack', 'nack pli', 'transport-cc']], 1, true, 'client'],
    ['chromium-whip-simulcast', VP8, ['l', 'm', 'h'], true, 'client'],
    ['ffmpeg-whip', ['H264', ['nack']], 1, true, 'server'],
    ['firefox-whip', VP8, 1, true, 'client'],
    ['firefox-whip-gathered', VP8, 1, true, 'client'],
    ['firefox-whip-simulcast', VP8, ['l', 'm', 'h'], true, 'client'],
    ['gstreamer-whip', ['VP8', ['ccm fir', 'nack pli', 'transport-cc']], 1, false, 'client'],
    ['gstreamer-whip-h264', ['H264', ['nack pli']], 1, false, 'client'],
    ['libdatachannel-whip', VP8, 1, false, 'client'],
    ['obs-whip-simulcast-from-documentation', H264, ['2', '1', '0'], false, 'client'],
    ['safari-whip-from-documentation', H264, 1, true, 'client'],
    ['safari-whip-simulcast-from-documentation', H264, ['q', 'h', 'f'], true, 'client'],
  ])('%s: its RTP parameters', (name, [codec, feedback], streams, hasRtx, role) => {
    const sdp = publishing.find((one) => one.name === name)?.sdp ?? '';
    const { tracks, dtls } = readPublishingOffer(sdp, CAPABILITIES);
    const video = tracks.find(({ kind }) => kind === 'video')?.rtpParameters;
    const audio = tracks.find(({ kind }) => kind === 'audio')?.rtpParameters;
    const [first, second] = video?.codecs ?? [];
    const told = (first?.rtcpFeedback ?? []).map(({ type, parameter = '' }) =>
      `${type} ${parameter}`.trim(),
    );
    expect(first?.mimeType.toLowerCase()).toBe(`video/${codec.toLowerCase()}`);
    expect(told).toEqual(expect.arrayContaining([...feedback]));
    expect(second?.mimeType).toBe(hasRtx ? 'video/rtx' : undefined);
    expect(audio?.codecs[0]).toMatchObject({ clockRate: 48_000, channels: 2 });
    const encodings = video?.encodings ?? [];
    expect(
      typeof streams === 'number' ? encodings.length : encodings.map(({ rid }) => rid),
    ).toEqual(streams);
    if (typeof streams === 'number') expect(encodings[0]?.ssrc).toBeGreaterThan(0);
    expect(dtls.role).toBe(role);
  });

  test('an extension that a section did not offer is not answered there', () => {
    const sdp = viewing.find(({ name }) => name === 'firefox-whep')?.sdp ?? '';
    const { media, codecs } = readViewingOffer(sdp, CAPABILITIES);
    const uri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time' as const;
    const answered = media.map((one, index) => ({
      media: one,
      direction: 'sendonly' as const,
      rtpParameters: { codecs: codecs[index]?.codecs ?? [], headerExtensions: [{ uri, id: 4 }] },
    }));
    const [audio, video] = writeAnswer(TRANSPORT, answered).split('m=video');
    expect(audio).not.toContain('a=extmap');
    expect(video).toContain(`a=extmap:4 ${uri}`);
  });

  test('extensions for one way are told and answered for that way (RFC 8285)', () => {
    const sdp = publishing.find(({ name }) => name === 'firefox-whip-simulcast')?.sdp ?? '';
    const capabilities = rtpCapabilitiesSchema.parse({
      codecs: CAPABILITIES.codecs,
      headerExtensions: [
        'urn:ietf:params:rtp-hdrext:sdes:mid',
        'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
        'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
      ].map((uri, index) => ({ kind: 'video', uri, preferredId: index + 1 })),
    });
    const { media, tracks } = readPublishingOffer(sdp, capabilities);
    const [section, track] = [media[1], tracks[1]];
    if (section === undefined || track === undefined) throw new Error('no picture');
    const answer = writeAnswer(TRANSPORT, [{ ...track, media: section, direction: 'recvonly' }]);
    expect(answer.match(/^a=extmap:.*$/gm)).toEqual([
      'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
    ]);
  });

  test.each(publishing)(
    '$name: the answer has its sections and the codec it prefers',
    ({ sdp }) => {
      const answer = answerTo(sdp);
      expect(sections(answer)).toEqual(sections(sdp));
      for (const media of parse(answer).media) {
        expect(media.direction).toBe('recvonly');
        expect(media.rtp.length).toBeGreaterThan(0);
      }
    },
  );

  test.each(publishing)('$name: only libwebrtc is told the rate to start at', ({ name, sdp }) => {
    const formats = parse(answerTo(sdp)).media.map(({ type, fmtp }) => ({ type, fmtp }));
    const told = formats.filter(({ fmtp }) =>
      fmtp.some(({ config }) => config.includes('x-google-start-bitrate=1000')),
    );
    const wanted = /^(chromium|safari)/.test(name) ? ['video'] : [];
    expect(told.map(({ type }) => type)).toEqual(wanted);
  });

  test.each(publishing)('$name: the streams can be told apart', ({ sdp }) => {
    for (const { mid, rtpParameters } of readPublishingOffer(sdp, CAPABILITIES).tracks) {
      const [encoding] = rtpParameters.encodings ?? [];
      expect(encoding?.ssrc ?? encoding?.rid ?? mid).toBeDefined();
    }
  });

  test.each(viewing)("$name: what can be sent, in the client's own numbers", ({ sdp }) => {
    const { codecs, payloadTypes } = readViewingOffer(sdp, CAPABILITIES);
    const offered = parse(sdp).media.flatMap(({ rtp }) => rtp.map(({ payload }) => payload));
    expect(codecs.every((one) => one.codecs.length > 0)).toBe(true);
    expect(offered).toEqual(expect.arrayContaining(Object.values(payloadTypes)));
  });
});

describe('simulcast (RFC 8853)', () => {
  const section = (lines: string[]) =>
    parseSession(['v=0', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:0', ...lines, ''].join('\r\n'))
      .media[0] ?? fail();
  const fail = (): never => {
    throw new Error('no section');
  };
  const rid = (id: string, params = '') => `a=rid:${id} send${params === '' ? '' : ` ${params}`}`;

  test.each([
    ['low, middle, high', 'l;m;h', [rid('l'), rid('m'), rid('h')], ['l', 'm', 'h']],
    ['high first', 'h;m;l', [rid('h'), rid('m'), rid('l')], ['l', 'm', 'h']],
    ['full, half, quarter', 'f;h;q', [rid('f'), rid('h'), rid('q')], ['q', 'h', 'f']],
    [
      'sizes go before names',
      'l;h',
      [rid('l', 'max-width=1280'), rid('h', 'max-width=320')],
      ['h', 'l'],
    ],
    ['bit rates', 'a;b', [rid('a', 'max-br=9'), rid('b', 'max-br=3')], ['b', 'a']],
    ['small, medium, large', 'l;m;s', [rid('l'), rid('m'), rid('s')], ['s', 'm', 'l']],
    ['two of three', 'h;l', [rid('h'), rid('l')], ['l', 'h']],
    [
      'numbers, as OBS has them: 0 is the best',
      '0;1;2',
      [rid('0'), rid('1'), rid('2')],
      ['2', '1', '0'],
    ],
    [
      'mediasoup-client: r0 is the lowest',
      'r0;r1;r2',
      [rid('r0'), rid('r1'), rid('r2')],
      ['r0', 'r1', 'r2'],
    ],
    [
      'other names: the preferred one is the best',
      'a;b;c',
      [rid('a'), rid('b'), rid('c')],
      ['c', 'b', 'a'],
    ],
    ['restrictions of some only', 'a;b', [rid('a'), rid('b', 'max-br=3')], ['b', 'a']],
    ['paused ones and alternatives', '~a;b,c', [rid('a'), rid('b'), rid('c')], ['b', 'a']],
    ['one that was not declared is none', 'l;x', [rid('l')], ['l']],
  ])('%s', (_name, list, rids, expected) => {
    const media = section([...rids, `a=simulcast:send ${list}`]);
    expect(lowestFirst(media, listedRids(media))).toEqual(expected);
  });

  test('what it would receive is no simulcast of its own', () => {
    expect(listedRids(section(['a=rid:l recv', 'a=simulcast:recv l']))).toEqual([]);
  });
});

describe('isConstrainedBaseline (RFC 6184 table 5)', () => {
  test.each([
    ['42e01f', true],
    ['42c015', true],
    ['4d801f', true],
    ['42001f', false],
    ['4d001f', false],
    ['640032', false],
    ['nonsense', false],
  ])('%s: %s', (profileLevelId, expected) => {
    expect(isConstrainedBaseline(profileLevelId)).toBe(expected);
  });
});

describe('whatever comes in', () => {
  const lines = corpus.flatMap(({ sdp }) => sdp.split('\r\n'));
  const anyLine = fc.oneof(
    fc.constantFrom(...lines),
    fc.string({ maxLength: 60 }),
    fc.string({ maxLength: 40 }).map((text) => `a=${text}`),
  );
  /** A real offer, in which lines are lost, doubled, moved and replaced. */
  const mutated = fc
    .tuple(
      fc.constantFrom(...corpus.map(({ sdp }) => sdp)),
      fc.array(fc.tuple(fc.nat(400), fc.nat(2), anyLine), { maxLength: 12 }),
    )
    .map(([sdp, changes]) => {
      const all = sdp.split('\r\n');
      for (const [at, deleted, line] of changes) all.splice(at % all.length, deleted, line);
      return all.join('\r\n');
    });
  const onlyNamed = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
    }
  };

  test('nothing but the named error is thrown, and an answer keeps sections and mids', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ maxLength: 400 })), (sdp) => {
        onlyNamed(() => readViewingOffer(sdp, CAPABILITIES));
        onlyNamed(() => {
          const { media } = readPublishingOffer(sdp, CAPABILITIES);
          const answered = sections(answerTo(sdp));
          expect(answered.map(({ type }) => type)).toEqual(media.map(({ kind }) => kind));
          expect(answered.map(({ mid }) => mid)).toEqual(media.map(({ mid }) => mid));
        });
      }),
      { numRuns: 500 },
    );
  });

  test('fragments too', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), (some) => {
        onlyNamed(() => readFragment(some.join('\r\n')));
      }),
      { numRuns: 500 },
    );
  });
});

describe('fragments', () => {
  test('ours can be read by our own', () => {
    const [first] = publishing;
    const fragment = writeFragment(answerTo(first?.sdp ?? ''));
    expect(readFragment(fragment)).toEqual({
      usernameFragment: 'ufrag',
      password: 'password',
      candidates: 1,
    });
  });
});
