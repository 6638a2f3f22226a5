import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { z } from 'zod';
import {
  answersStun,
  STUN_ATTRIBUTES,
  STUN_COOKIE,
  STUN_METHODS,
  type StunAttribute,
  stunAttributes,
  stunOutcome,
  stunRequest,
} from './stun.ts';

/**
 * Asks a TURN server for one allocation, and for permission to send to each of the peers (RFC 8656 sections 7 and 9), in a
 * process of its own, for it is run inside a network namespace. What to ask is in ASK, as JSON; prints what came of it.
 */
const askSchema = z.object({
  address: z.string(),
  port: z.number(),
  username: z.string(),
  password: z.string(),
  peers: z.array(z.string()),
  /** How many allocations to ask for. */
  allocations: z.number().default(1),
});

const ask = askSchema.parse(JSON.parse(process.env['ASK'] ?? '{}'));

const UDP = Buffer.from([17, 0, 0, 0]);
const RETRY_MS = 500;
const ATTEMPTS = 20;

function xorAddress(peer: string): Buffer {
  const bytes = peer.split('.').map((part, index) => Number(part) ^ (STUN_COOKIE[index] ?? 0));
  const port = 40_000 ^ STUN_COOKIE.readUInt16BE(0);
  return Buffer.from([0, 1, port >> 8, port & 255, ...bytes]);
}

/** One 5-tuple: one allocation at most. */
class TurnClient {
  readonly #socket = createSocket('udp4');
  #login: readonly StunAttribute[] = [];
  #key: Buffer | undefined;
  /** What came of the last request. */
  last: 'ok' | number = 0;

  async allocate(): Promise<'ok' | number> {
    const transport: StunAttribute = [STUN_ATTRIBUTES.requestedTransport, UDP];
    const first = await this.#ask(STUN_METHODS.allocate, [transport]);
    const [realm, nonce] = [first.get(STUN_ATTRIBUTES.realm), first.get(STUN_ATTRIBUTES.nonce)];
    if (realm === undefined || nonce === undefined) return this.last;
    const { username, password } = ask;
    this.#key = createHash('md5').update(`${username}:${realm.toString()}:${password}`).digest();
    this.#login = [
      [STUN_ATTRIBUTES.username, Buffer.from(username)],
      [STUN_ATTRIBUTES.realm, realm],
      [STUN_ATTRIBUTES.nonce, nonce],
    ];
    await this.#ask(STUN_METHODS.allocate, [transport]);
    return this.last;
  }

  async permit(peer: string): Promise<'ok' | number> {
    await this.#ask(STUN_METHODS.createPermission, [
      [STUN_ATTRIBUTES.xorPeerAddress, xorAddress(peer)],
    ]);
    return this.last;
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: number, attributes: readonly StunAttribute[]): Promise<Map<number, Buffer>> {
    const key = this.#key;
    const answer = await this.#exchange(
      stunRequest(method, [...attributes, ...this.#login], { key }),
    );
    this.last = stunOutcome(answer);
    return stunAttributes(answer);
  }

  /** Sends again until the answer with its transaction is there (RFC 8489 section 6.2.1). */
  async #exchange(message: Buffer): Promise<Buffer> {
    const answered = Promise.withResolvers<Buffer>();
    const listen = (answer: Buffer) => {
      if (answersStun(answer, message)) answered.resolve(answer);
    };
    this.#socket.on('message', listen);
    let attempts = 0;
    const send = () => {
      attempts += 1;
      if (attempts > ATTEMPTS) answered.reject(new Error('the relay does not answer'));
      else this.#socket.send(message, ask.port, ask.address);
    };
    send();
    const timer = setInterval(send, RETRY_MS);
    try {
      return await answered.promise;
    } finally {
      clearInterval(timer);
      this.#socket.off('message', listen);
    }
  }
}

const clients = Array.from({ length: ask.allocations }, () => new TurnClient());
const allocations: ('ok' | number)[] = [];
for (const client of clients) allocations.push(await client.allocate());
const [first] = clients;
const permissions: Record<string, 'ok' | number> = {};
for (const peer of ask.peers) permissions[peer] = (await first?.permit(peer)) ?? 0;
process.stdout.write(JSON.stringify({ allocations, permissions }));
for (const client of clients) client.close();
