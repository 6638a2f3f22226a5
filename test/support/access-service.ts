import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Question {
  action: string;
  kind: string;
  id: string;
  address: string | null;
  site: string | null;
  subject: string | null;
  account: string | null;
}

type Answer = (response: ServerResponse, question: Question) => void;

/** An operator's own service, which is asked who may do what: a real server on loopback. */
export class AccessService {
  readonly secret = 'a-secret-of-the-webhook-of-32-letters';
  readonly asked: Question[] = [];
  /** Whether each question was signed as it must be, just now. */
  readonly signed: boolean[] = [];
  /** Says what is answered. */
  answer: Answer = (response) => response.end('{"allow": true}');
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async start(): Promise<AccessService> {
    const service = new AccessService();
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    return `http://127.0.0.1:${address.port}/may`;
  }

  /** @param answer JSON */
  says(answer: unknown, status = 200): void {
    this.answer = (response) => response.writeHead(status).end(JSON.stringify(answer));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** As the documents tell operators to do it. */
  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const timestamp = String(request.headers['sfumato-timestamp']);
    const expected = createHmac('sha256', this.secret).update(`${timestamp}.${body}`).digest('hex');
    const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
    this.signed.push(isFresh && request.headers['sfumato-signature'] === `v1=${expected}`);
    const question: Question = JSON.parse(body);
    this.asked.push(question);
    this.answer(response, question);
  }
}
