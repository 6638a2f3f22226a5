import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Method,
  REQUESTS,
  type RequestInput,
  type RequestResult,
  wireErrorSchema,
} from '../../signaling/contract/index.ts';

const PROGRAM = join(import.meta.dirname, 'session-client-process.ts');

const messageSchema = z
  .object({
    ready: z.boolean(),
    failed: z.string(),
    closed: z.number(),
    heard: z.object({ event: z.string(), data: z.unknown() }),
    answer: z.object({
      call: z.number(),
      ok: z.boolean(),
      data: z.unknown().optional(),
      error: wireErrorSchema.optional(),
    }),
    arrived: z.object({
      pictures: z.array(z.number()),
      bytes: z.object({ audio: z.number(), video: z.number() }),
    }),
  })
  .partial();
type Message = z.infer<typeof messageSchema>;

/** What openSession needs besides the client's own parameters, which it adds. */
type Asked<M extends Method> = M extends 'openSession'
  ? Omit<RequestInput<M>, 'rtpCapabilities' | 'dtlsParameters'> & Partial<RequestInput<M>>
  : RequestInput<M>;

/** A Viewer of Sessions that is no browser. */
export class SessionClient {
  /** What the server said unasked, by name. */
  readonly heard: { event: string; data: unknown }[] = [];
  /** RTP timestamps of all pictures that came, in order. */
  readonly pictures: number[] = [];
  bytes = { audio: 0, video: 0 };
  /** Of the socket, when it is closed. */
  closeCode: number | undefined;
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, PromiseWithResolvers<NonNullable<Message['answer']>>>();
  #lastCall = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param headers of the socket */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SessionClient> {
    const child = fork(PROGRAM, [url], {
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '', SOCKET_HEADERS: JSON.stringify(headers) },
    });
    const client = new SessionClient(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the client ended')));
      child.on('message', (data) => {
        const message = messageSchema.parse(data);
        if (message.ready) resolve();
        if (message.failed !== undefined) reject(new Error(message.failed));
        client.#hear(message);
      });
    });
    return client;
  }

  /** @throws {Error} with the server's code, where it refuses */
  async ask<M extends Method>(method: M, data: Asked<M>): Promise<RequestResult<M>> {
    this.#lastCall += 1;
    const answer = Promise.withResolvers<NonNullable<Message['answer']>>();
    this.#calls.set(this.#lastCall, answer);
    this.#child.send({ call: this.#lastCall, method, data });
    const { ok, data: result, error } = await answer.promise;
    if (!ok) throw new Error(error?.code);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the compiler cannot see that they belong together
    return REQUESTS[method].result.parse(result) as RequestResult<M>;
  }

  /** All that was said of this name, so far. */
  told(event: string): unknown[] {
    return this.heard.filter((one) => one.event === event).map(({ data }) => data);
  }

  /** The socket is gone, without a goodbye; the connection stays. */
  hangUp(): void {
    this.#child.send('hangUp');
  }

  goodbye(): void {
    this.#child.send('goodbye');
  }

  close(): void {
    if (!this.#child.connected) return;
    this.#child.disconnect();
    // It ends by itself: nobody waits for that.
    this.#child.unref();
  }

  #hear({ heard, arrived, answer, closed }: Message): void {
    if (heard !== undefined) this.heard.push(heard);
    if (closed !== undefined) this.closeCode = closed;
    if (answer !== undefined) this.#calls.get(answer.call)?.resolve(answer);
    if (arrived === undefined) return;
    this.pictures.push(...arrived.pictures);
    this.bytes = arrived.bytes;
  }
}
