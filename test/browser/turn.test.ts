import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { NetworkBox } from '../../bench/link/network-box.ts';
import { turnCredentials } from '../../server/access/ice-servers.ts';
import { type BoxedChromium, BoxedServer, launchBoxedChromium } from '../support/boxed.ts';
import { makeClip } from '../support/clip.ts';
import { askTurn, COTURN, Coturn, TURN_PORT } from '../support/coturn.ts';
import { morePictures, untilStats } from '../support/watching.ts';

const SECRET = randomBytes(24).toString('base64url');
/** The server's default, of its only Worker. */
const MEDIA_PORT = 40_000;
/** What docs/turnserver.conf gives one connection. */
const USER_QUOTA = 12;

/** Whom a relay must not send to for a stranger (ASVS 5.0 17.1.1). */
const REFUSED = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '198.18.0.2',
];

const answerSchema = z.object({
  data: z.object({
    transport: z.object({
      iceServers: z.array(
        z.object({ urls: z.string(), username: z.string(), credential: z.string() }),
      ),
    }),
  }),
});
type Relay = z.infer<typeof answerSchema>['data']['transport']['iceServers'][number];

let folder: string;
let box: NetworkBox | undefined;
let relay: Coturn | undefined;
let server: BoxedServer | undefined;
let chromium: BoxedChromium | undefined;
/** What each Viewer was told, in the order of their coming. */
const told: Relay[] = [];

const canRun = process.platform === 'linux' && COTURN !== undefined;

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), 'sfumato-turn-'));
  // The Viewer's link, and the relay's: it is a machine of its own, which the server's leads to.
  box = await NetworkBox.create({ clients: 2 });
  await box.forward();
  const { viewer, relayed } = places();
  relay = await Coturn.start({
    namespace: relayed.client,
    folder,
    address: relayed.clientAddress,
    allowedPeer: viewer.serverAddress,
    secret: SECRET,
  });
  server = await BoxedServer.start(box.server, folder, [await makeClip(folder)], {
    TURN_URLS: `turn:${relayed.clientAddress}:${TURN_PORT}?transport=udp`,
    TURN_SECRET: SECRET,
  });
  chromium = await launchBoxedChromium(viewer.client, viewer.serverAddress, folder);
});

afterAll(async () => {
  await chromium?.browser.close();
  await server?.stop();
  await relay?.stop();
  await box?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

function places() {
  const [viewer, relayed] = box?.links ?? [];
  if (viewer === undefined || relayed === undefined) throw new Error('there is no box');
  return { viewer, relayed };
}

/** Opens the watch page, and keeps what it is told of relays. */
async function watch(): Promise<Page> {
  if (chromium === undefined) throw new Error('there is no Chromium');
  const page = await chromium.browser.newPage();
  await page.addInitScript(keepConnections);
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const answer = answerSchema.safeParse(JSON.parse(String(payload)));
      if (answer.success) told.push(...answer.data.data.transport.iceServers);
    });
  });
  await page.goto(`${chromium.url}/watch/clip`);
  return page;
}

/** Runs in the page. */
function keepConnections(): void {
  const all: RTCPeerConnection[] = [];
  Reflect.set(window, 'connections', all);
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      all.push(this);
    }
  };
}

const wayStatsSchema = z.object({
  /** By which kind of way its packets come: `host`, `relay` and so on. */
  candidateType: z.string(),
  dtlsCipher: z.string(),
  srtpCipher: z.string(),
  tlsVersion: z.string(),
});

/** What the browser says of its last connection (https://www.w3.org/TR/webrtc-stats/#transportstats-dict*). */
async function wayOf(page: Page): Promise<z.infer<typeof wayStatsSchema>> {
  const found = await page.evaluate(async () => {
    const all: RTCPeerConnection[] = Reflect.get(window, 'connections');
    const entries = [...((await all.at(-1)?.getStats()) ?? new Map()).values()];
    const transport = entries.find(({ type }) => type === 'transport');
    const pair = entries.find(({ id }) => id === transport?.selectedCandidatePairId);
    const local = entries.find(({ id }) => id === pair?.localCandidateId);
    return { ...transport, candidateType: local?.candidateType };
  });
  return wayStatsSchema.parse(found);
}

const onLinux = canRun ? describe : describe.skip;

onLinux('a relay (coturn, with the configuration of the documentation)', () => {
  test('whoever can reach the server directly does, by ciphers that are still good', async () => {
    const page = await watch();
    await untilStats(page, ({ framesPresented }) => framesPresented > 5);
    const way = await wayOf(page);
    expect(way.candidateType).not.toBe('relay');
    await page.close();

    // 17.2.2: DTLS 1.2 or newer with an ephemeral key exchange; 17.2.3: no packet without authentication.
    expect(['FEFD', 'FEFC']).toContain(way.tlsVersion);
    expect(way.dtlsCipher).toMatch(/^TLS_(ECDHE_(ECDSA|RSA)_WITH_|AES_|CHACHA20_)/);
    expect(way.srtpCipher).toMatch(
      /^(SRTP_)?(AEAD_AES_(128|256)_GCM|AES_CM_128_HMAC_SHA1_80|AES128_CM_HMAC_SHA1_80)$/,
    );
  });

  test('whose way to the media ports is blocked sees pictures over the relay', async () => {
    await places().viewer.forbid([
      { protocol: 'udp', port: MEDIA_PORT },
      { protocol: 'tcp', port: MEDIA_PORT },
    ]);
    const page = await watch();
    const { timeToFirstFrameMs } = await untilStats(
      page,
      ({ framesPresented, timeToFirstFrameMs: took }) => framesPresented > 5 && took !== null,
    );
    console.log(`over the relay after ${Math.round(timeToFirstFrameMs ?? Number.NaN)} ms`);
    await morePictures(page, 60);
    expect((await wayOf(page)).candidateType).toBe('relay');
    await page.close();
    await places().viewer.forbid([]);
  });

  test('each Viewer has a name of its own, for an hour at most', () => {
    const names = told.map(({ username }) => username);
    expect(names.length).toBeGreaterThanOrEqual(2);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const leftSeconds = Number(name.split(':')[0]) - Date.now() / 1_000;
      expect(leftSeconds).toBeGreaterThan(0);
      expect(leftSeconds).toBeLessThanOrEqual(3_600);
    }
  });

  test('17.1.1: it relays to the server, and to no private, loopback, link-local or multicast address', async () => {
    const { viewer, relayed } = places();
    const { username, credential } = lastTold();
    const asked = await askTurn(viewer.client, {
      ...{ address: relayed.clientAddress, username, password: credential },
      peers: [viewer.serverAddress, ...REFUSED],
    });
    expect(asked.allocations).toEqual(['ok']);
    const refusals = Object.fromEntries(REFUSED.map((peer) => [peer, 403]));
    expect(asked.permissions).toEqual({ [viewer.serverAddress]: 'ok', ...refusals });
  });

  test('17.1.2: one connection gets no more than its quota', async () => {
    const { viewer, relayed } = places();
    const { username, credential: password } = turnCredentials(SECRET, Date.now());
    const question = { address: relayed.clientAddress, username, password };
    const asked = await askTurn(viewer.client, { ...question, allocations: USER_QUOTA + 1 });
    expect(asked.allocations).toEqual([...Array<string>(USER_QUOTA).fill('ok'), 486]);
  });

  test.each([
    ['expired', turnCredentials(SECRET, Date.now() - 3_700_000)],
    ['made with another secret', turnCredentials(`${SECRET}x`, Date.now())],
  ])('credentials that are %s are worth nothing', async (_, { username, credential }) => {
    const { viewer, relayed } = places();
    const question = { address: relayed.clientAddress, username, password: credential };
    expect(await askTurn(viewer.client, question)).toMatchObject({ allocations: [401] });
  });
});

function lastTold(): Relay {
  const last = told.at(-1);
  if (last === undefined) throw new Error('no Viewer was told of a relay');
  return last;
}
