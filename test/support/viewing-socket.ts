import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { SUBPROTOCOL } from '../../signaling/contract/index.ts';
import { DTLS } from './session-socket.ts';

const messageSchema = z.looseObject({
  id: z.number().nullish(),
  ok: z.boolean().optional(),
  event: z.string().optional(),
  data: z.looseObject({}).optional(),
  error: z
    .looseObject({ code: z.string(), message: z.string(), refusal: z.string().optional() })
    .optional(),
});
type Message = z.output<typeof messageSchema>;

/** A socket that asks to watch, and hears what it is told; its media connection never comes up. */
export class ViewingSocket {
  readonly #socket: WebSocket;
  readonly #heard: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      this.#heard.push(messageSchema.parse(JSON.parse(data.toString())));
      for (const look of this.#waiting) look();
    });
  }

  /** @throws {Error} where the server refuses, such as for the Origin */
  static async open(url: string, headers: Record<string, string> = {}): Promise<ViewingSocket> {
    const address = `${url.replace('http', 'ws')}/signal`;
    const socket = new WebSocket(address, SUBPROTOCOL, { headers });
    const viewing = new ViewingSocket(socket);
    await once(socket, 'open');
    await viewing.#message(({ event }) => event === 'welcome');
    return viewing;
  }

  /** @returns `ok`, or why not: the refusal, else the error's code */
  async ask(method: string, data: Record<string, unknown>): Promise<string> {
    const id = (this.#asked += 1);
    const welcome = await this.#message(({ event }) => event === 'welcome');
    const parameters = {
      rtpCapabilities: welcome.data?.['routerRtpCapabilities'],
      dtlsParameters: DTLS,
    };
    this.#socket.send(JSON.stringify({ id, method, data: { ...parameters, ...data } }));
    const { ok, error } = await this.#message((message) => message.id === id);
    return ok === true ? 'ok' : (error?.refusal ?? error?.code ?? '');
  }

  /** Waits until it is told that it may not watch any more. @returns why */
  async ended(): Promise<unknown> {
    const { data } = await this.#message(({ event }) => event === 'watchEnded');
    return data?.['refusal'];
  }

  /** Was it told something of this name? */
  hasHeard(event: string): boolean {
    return this.#heard.some((message) => message.event === event);
  }

  /** What comes from now on counts. */
  forget(): void {
    const welcome = this.#heard.filter(({ event }) => event === 'welcome');
    this.#heard.splice(0, this.#heard.length, ...welcome);
  }

  close(): void {
    this.#socket.close(1000);
  }

  #message(fits: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.#heard.find(fits);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
