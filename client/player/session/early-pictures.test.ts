import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate as settled } from 'node:timers/promises';
import { EarlyPictures } from './early-pictures.ts';

/** Its processor below asks nothing of it. */
const TRACK: MediaStreamVideoTrack = JSON.parse('{}');

/** The browser's end: what decoders put out. */
class Decoder {
  readonly closed: number[] = [];
  readonly #streams = new Set<ReadableStreamDefaultController<unknown>>();

  readonly Processor = ((decoder: Decoder) =>
    class {
      readonly readable = decoder.stream();
    })(this);

  stream(): ReadableStream<unknown> {
    let own: ReadableStreamDefaultController<unknown>;
    return new ReadableStream({
      start: (controller) => void this.#streams.add((own = controller)),
      cancel: () => void this.#streams.delete(own),
    });
  }

  get readers(): number {
    return this.#streams.size;
  }

  async puts(rtpTimestamp: number): Promise<void> {
    const close = () => this.closed.push(rtpTimestamp);
    for (const stream of this.#streams)
      stream.enqueue({ metadata: () => ({ rtpTimestamp }), close });
    await settled();
  }
}

describe('pictures before the video has them', () => {
  let decoder: Decoder;
  let came: (number | undefined)[];
  let early: EarlyPictures;

  beforeEach(() => {
    decoder = new Decoder();
    came = [];
    Reflect.set(globalThis, 'MediaStreamTrackProcessor', decoder.Processor);
    early = new EarlyPictures(({ rtpTimestamp }) => came.push(rtpTimestamp));
    early.adopt(TRACK);
    early.start();
  });
  afterEach(() => {
    early.stop();
    Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor');
  });

  test('each is told, and the newest kept', async () => {
    early.start();
    await decoder.puts(90);
    await decoder.puts(180);
    expect([came, early.newestTimestamp, decoder.closed]).toEqual([[90, 180], 180, [90]]);
    early.stop();
    await settled();
    expect([early.newest, decoder.closed, decoder.readers]).toEqual([null, [90, 180], 0]);
  });

  test('one that comes later than the video presents it is none', async () => {
    await decoder.puts(90);
    expect(early.compare({ rtpTimestamp: 180 })).toBe(false);
    expect(early.newest).toBeNull();
    await decoder.puts(180);
    expect([came, early.newest]).toEqual([[90], null]);
    await decoder.puts(270);
    expect([came, early.newestTimestamp]).toEqual([[90, 270], 270]);
  });

  test('what the video presents after a later one came here is known', async () => {
    await decoder.puts(270);
    expect(early.compare({ rtpTimestamp: 180 })).toBe(true);
    expect(early.compare({ rtpTimestamp: 270 })).toBe(false);
    expect(early.newestTimestamp).toBe(270);
  });

  test('pictures of a track before say nothing of those of the next', async () => {
    early.compare({ rtpTimestamp: 1_000_000 });
    early.adopt(TRACK);
    early.start();
    await decoder.puts(90);
    expect(came).toEqual([90]);
  });
});
