import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { rtpCapabilitiesSchema, type WireTransport } from '../../signaling/contract/index.ts';
import { writeAnswer } from './answer.ts';
import { isConstrainedBaseline } from './codecs.ts';
import { readFragment, writeFragment } from './fragment.ts';
import { readPublishingOffer } from './publishing-offer.ts';
import { SdpError } from './sdp-error.ts';
import { parseSession } from './session.ts';
import { listedRids, lowestFirst } from './simulcast.ts';
import { readViewingOffer } from './viewing-offer.ts';

const FOLDER = resolve(import.meta.dirname, '../../test/corpus/sdp');

/** As mediasoup's Router has them: what we take, and its fixed numbers of header extensions. */
const CAPABILITIES = rtpCapabilitiesSchema.parse({
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      rtcpFeedback: [{ type: 'nack' }, { type: 'transport-cc' }],
    },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      preferredPayloadType: 101,
      clockRate: 90_000,
      rtcpFeedback: [
        { type: 'nack' },
        { type: 'nack', parameter: 'pli' },
        { type: 'ccm', parameter: 'fir' },
        { type: 'transport-cc' },
      ],
    },
    {
      kind: 'video',
      mimeType: 'video/H264',
      preferredPayloadType: 103,
      clockRate: 90_000,
      parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
  ],
  headerExtensions: (['audio', 'video'] as const).flatMap((kind) => [
    { kind, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1 },
    {
      kind,
      uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      preferredId: 4,
    },
  ]),
});

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
  test('there are enough of them', () => {
    expect(publishing.length).toBeGreaterThanOrEqual(5);
    expect(viewing.length).toBeGreaterThanOrEqual(3);
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
    ['numbers tell nothing: as listed', '0;1;2', [rid('0'), rid('1'), rid('2')], ['0', '1', '2']],
    ['paused ones and alternatives', '~a;b,c', [rid('a'), rid('b'), rid('c')], ['a', 'b']],
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
  }, 60_000);

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
