import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readBlockCode } from '../../server/library/demo/block-code.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { FILM, makeCodedFilm } from '../support/stored-clips.ts';
import { WebKit } from '../support/webkit.ts';

const SECONDS = 30;

const statsSchema = z.object({
  condition: z.string(),
  framesDecoded: z.number(),
  framesPresented: z.number(),
  stored: z.object({
    via: z.string().nullable(),
    wayReason: z.string().nullable(),
    position: z.number(),
  }),
});
type Stats = z.infer<typeof statsSchema>;

/** Runs in the page: the number in the picture that its player shows. */
const READ = `((read) => {
  const video = window.sfumato.media.nativeEl;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  context.drawImage(video, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  return read(data, width, height);
})(${readBlockCode.toString()})`;

const COUNT_PAUSES = `void (() => {
  window.pauses = 0;
  window.sfumato.media.nativeEl.addEventListener('pause', () => (window.pauses += 1));
})()`;

const installed = WebKit.isInstalled ? describe : describe.skip;

installed('WebKit, which has no WebRTC', () => {
  let folder = '';
  let server: TestApp;
  let library: LibraryBehind;
  let webkit: WebKit;
  let film = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-webkit-'));
    server = await startApp();
    library = await openLibrary(server);
    const source = await makeCodedFilm(folder, SECONDS);
    film = await library.put(source, { title: 'A coded film', visibility: 'public' });
    await library.ready(film);
    webkit = await WebKit.start(folder);
  });
  afterAll(async () => {
    await webkit?.close();
    await library?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const stats = async (): Promise<Stats | null> =>
    statsSchema.nullable().parse(await webkit.evaluate('window.sfumato?.stats() ?? null'));

  async function untilStats(wanted: (stats: Stats) => boolean): Promise<Stats> {
    let seen: Stats | null = null;
    await until(async () => {
      seen = await stats();
      return seen !== null && wanted(seen);
    });
    if (seen === null) throw new Error('the page has no player');
    return seen;
  }

  const shown = async () =>
    z
      .number()
      .nullable()
      .parse(await webkit.evaluate(READ));

  test('falls back to HLS by itself, says why, plays, and goes where it is told', async () => {
    expect(await webkit.evaluate('typeof RTCPeerConnection')).toBe('undefined');
    await webkit.open(`${server.url}/watch/${film}`);
    const playing = await untilStats(({ condition }) => condition === 'playing');
    expect(playing).toMatchObject({ stored: { via: 'hls', wayReason: 'noWebRtc' } });
    await untilStats(({ framesDecoded }) => framesDecoded > FILM.framesPerSecond);
    await webkit.evaluate(COUNT_PAUSES);
    const first = await shown();
    expect(first).toBeGreaterThan(0);
    await untilStats(({ stored }) => stored.position > playing.stored.position + 1);
    expect(await shown()).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
    // It was never stopped by whatever the browser says of its refusal to start with sound.
    expect(await webkit.evaluate('window.pauses')).toBe(0);

    await webkit.evaluate('void (window.sfumato.currentTime = 20.02)');
    await untilStats(({ stored, condition }) => stored.position > 20.5 && condition === 'playing');
    const after = (await shown()) ?? Number.NaN;
    expect(after).toBeGreaterThanOrEqual(20 * FILM.framesPerSecond);
    expect(after).toBeLessThan(SECONDS * FILM.framesPerSecond);
  });
});
