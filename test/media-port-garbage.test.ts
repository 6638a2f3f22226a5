import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Publication, publish, type RtcClient, watch } from './support/libdatachannel.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';
import { corpusOffer } from './support/offers.ts';
import {
  answersStun,
  STUN_ATTRIBUTES,
  STUN_METHODS,
  stunOutcome,
  stunRequest,
} from './support/stun.ts';

/** So many packets of each kind, as fast as they go: several times what a picture needs in that moment. */
const BURST = 4_000;
const LONGEST = 1_400;

/** The first byte decides what a packet is taken for (RFC 7983 section 7). */
const FIRST_BYTES = {
  STUN: [0, 3],
  DTLS: [20, 63],
  'TURN channels': [64, 79],
  'RTP and RTCP': [128, 191],
  'what nobody knows': [192, 255],
} as const;
const KINDS = ['STUN', 'DTLS', 'TURN channels', 'RTP and RTCP', 'what nobody knows'] as const;
type Kind = (typeof KINDS)[number];

let server: LiveServer;
let publisher: Publication;
let viewer: RtcClient;
let stranger: Socket;

beforeAll(async () => {
  server = await startLiveServer();
  publisher = await publish(`${server.url}/whip/live`, STREAM_KEY);
  await until(() => server.channel.broadcast !== undefined);
  viewer = await watch(`${server.url}/whep/live`);
  await picturesGoOn();
  stranger = createSocket('udp4');
});
afterAll(async () => {
  stranger.close();
  viewer.close();
  publisher.close();
  await server.close();
});

async function picturesGoOn(): Promise<void> {
  const before = viewer.received.video.packets;
  await until(() => viewer.received.video.packets > before + 25);
}

/** Where a session's packets go to, and its secrets. */
async function session() {
  const response = await fetch(`${server.url}/whep/live`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: corpusOffer('chromium-whep'),
  });
  const answer = await response.text();
  const found = (pattern: RegExp) => pattern.exec(answer)?.[1] ?? '';
  return {
    port: Number(found(/a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+)/i)),
    ufrag: found(/a=ice-ufrag:(\S+)/),
    password: found(/a=ice-pwd:(\S+)/),
  };
}

/** Of this kind by its first byte, random from there on, in every length. */
function garbage(kind: Kind, index: number): Buffer {
  const [first, last] = FIRST_BYTES[kind];
  const packet = randomBytes(1 + ((index * 7) % LONGEST));
  packet[0] = first + (index % (last - first + 1));
  return packet;
}

/** What looks right for longer than random bytes do. */
function malformed(kind: Kind, index: number): Buffer {
  const packet = garbage(kind, index);
  if (kind === 'DTLS') {
    // A handshake's ClientHello of DTLS 1.2 (RFC 6347 section 4.3.2), whose lengths are lies.
    Buffer.from([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0]).copy(packet);
    if (packet.length > 14) packet.writeUInt16BE(index & 0xffff, 11);
    if (packet.length > 14) packet[13] = 1;
  }
  if (kind === 'RTP and RTCP') {
    // Version 2 with padding, an extension and more contributing sources than there are bytes; RTCP types.
    packet[0] = 0xbf;
    if (packet.length > 1) packet[1] = 192 + (index % 32);
  }
  if (kind === 'STUN') stunRequest(STUN_METHODS.binding, []).copy(packet, 0, 0, packet.length);
  return packet;
}

async function flood(socket: Socket, port: number, make: (index: number) => Buffer) {
  for (let index = 0; index < BURST; index += 1) {
    await new Promise<void>((resolve, reject) => {
      socket.send(make(index), port, '127.0.0.1', (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  }
}

/** Everything that comes back to a socket. */
function listen(socket: Socket): Buffer[] {
  const heard: Buffer[] = [];
  socket.on('message', (message) => heard.push(message));
  return heard;
}

/** What a browser's check is (RFC 8445 section 7.2.2). @param key the session's password */
function check(ufrag: string, key: string): Buffer {
  const number = (bytes: number[]) => Buffer.from(bytes);
  return stunRequest(
    STUN_METHODS.binding,
    [
      [STUN_ATTRIBUTES.username, Buffer.from(`${ufrag}:them`)],
      [STUN_ATTRIBUTES.priority, number([110, 0, 30, 255])],
      [STUN_ATTRIBUTES.iceControlling, number([1, 2, 3, 4, 5, 6, 7, 8])],
      [STUN_ATTRIBUTES.useCandidate, Buffer.alloc(0)],
    ],
    { key: Buffer.from(key), fingerprint: true },
  );
}

/** Sends until there is an answer to it. */
async function ask(socket: Socket, port: number, message: Buffer): Promise<'ok' | number> {
  const heard = listen(socket);
  let answer: Buffer | undefined;
  await until(() => {
    socket.send(message, port, '127.0.0.1');
    answer = heard.find((one) => answersStun(one, message));
    return answer !== undefined;
  });
  return answer === undefined ? 0 : stunOutcome(answer);
}

describe('what comes to the media port', () => {
  test.each(KINDS)(
    '17.2.4, 17.2.5: a flood of %s from a stranger changes nothing for who watches',
    async (kind) => {
      const { port } = await session();
      const [pid] = server.sfu.workerPids;
      await flood(stranger, port, (index) => garbage(kind, index));
      await flood(stranger, port, (index) => malformed(kind, index));
      await picturesGoOn();
      expect(server.sfu.workerPids).toEqual([pid]);
    },
  );

  test('17.2.6: a ClientHello is answered by nobody before ICE has said whose it is', async () => {
    const { port, ufrag, password } = await session();
    const early = createSocket('udp4');
    const heard = listen(early);
    await flood(early, port, (index) => malformed('DTLS', index));
    // What was sent before this has been read by then.
    expect(await ask(early, port, check(ufrag, `${password}x`))).toBe(401);
    expect(heard.filter(([first = 0]) => first >= 20 && first <= 63)).toEqual([]);
    early.close();
    await picturesGoOn();
  });

  test('17.2.3: a session’s own peer that sends garbage in the place of DTLS and SRTP harms itself alone', async () => {
    const { port, ufrag, password } = await session();
    const peer = createSocket('udp4');
    expect(await ask(peer, port, check(ufrag, `${password}x`))).toBe(401);
    expect(await ask(peer, port, check(ufrag, password))).toBe('ok');
    const [pid] = server.sfu.workerPids;
    for (const kind of ['DTLS', 'RTP and RTCP', 'STUN'] as const) {
      await flood(peer, port, (index) => garbage(kind, index));
      await flood(peer, port, (index) => malformed(kind, index));
    }
    peer.close();
    await picturesGoOn();
    expect(server.sfu.workerPids).toEqual([pid]);
  });

  test('a Worker that was flooded takes another Viewer', async () => {
    const another = await watch(`${server.url}/whep/live`);
    await until(() => another.received.video.packets > 10);
    another.close();
  });
});
