import type { Page } from 'playwright-core';
import { SUBPROTOCOL } from '../../signaling/contract/index.ts';
import type { Way } from './decoding.ts';
import { type Seek, seek, type SeekOptions } from './seeing.ts';

type LeastWindow = Window & { benchWay?: (way: Way) => Promise<void> };

/**
 * The least that a page can do to show a picture of somewhere else: one question to the server, decoding from the key frame
 * on, drawing, and the next frame of the screen. Everything that is to be decoded it has already.
 */
export class LeastPage {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** @param page of our server, with nothing in it */
  static async of(page: Page): Promise<LeastPage> {
    await page.evaluate(becomeLeast, SUBPROTOCOL);
    return new LeastPage(page);
  }

  /** @param wanted the number in the last picture of the way */
  async seek(wanted: number, way: Way, options: SeekOptions): Promise<Seek> {
    await this.#page.evaluate((given) => {
      const { benchWay }: LeastWindow = window;
      return benchWay?.(given);
    }, way);
    return await seek(this.#page, wanted, options);
  }
}

/** Runs in the page, in the place of our player, so that it is looked at by the same eyes. */
async function becomeLeast(protocol: string): Promise<void> {
  const page: LeastWindow = window;
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const video = document.createElement('video');
  const canvas = document.createElement('canvas');
  canvas.style.width = '100%';
  root.append(video, canvas);
  document.body.replaceChildren(host);
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/signal`, protocol);
  await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
  let decode = (): void => undefined;

  page.benchWay = async ({ codec, description, pictures }) => {
    const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const chunks = pictures.map(
      ({ key, data }, index) =>
        new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: index, data: bytes(data) }),
    );
    canvas.width = 0;
    const decoder = new VideoDecoder({
      output: (frame) => {
        if (frame.timestamp === chunks.length - 1) {
          canvas.width = frame.displayWidth;
          canvas.height = frame.displayHeight;
          canvas.getContext('2d')?.drawImage(frame, 0, 0);
        }
        frame.close();
      },
      error: (error) => console.error(error),
    });
    decoder.configure({ codec, description: bytes(description), optimizeForLatency: true });
    await decoder.flush();
    decode = () => {
      for (const chunk of chunks) decoder.decode(chunk);
      void decoder.flush().then(() => decoder.close());
    };
  };
  socket.addEventListener('message', () => decode());
  const player = {
    media: { nativeEl: video },
    set currentTime(_seconds: number) {
      socket.send(JSON.stringify({ id: 1, method: 'readClock', data: {} }));
    },
  };
  Reflect.set(window, 'sfumato', player);
}
