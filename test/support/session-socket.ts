import { WebSocket } from 'ws';
import { z } from 'zod';
import { responseEnvelopeSchema, SUBPROTOCOL } from '../../signaling/contract/index.ts';

/** Of nobody. */
export const DTLS = {
  role: 'client' as const,
  fingerprints: [
    { algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'AB').join(':') },
  ],
};

/** A socket that opens Sessions whose connection never comes up. */
export class SessionSocket {
  readonly #socket: WebSocket;
  readonly #rtpCapabilities: unknown;

  private constructor(socket: WebSocket, rtpCapabilities: unknown) {
    this.#socket = socket;
    this.#rtpCapabilities = rtpCapabilities;
  }

  static async open(url: string): Promise<SessionSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, SUBPROTOCOL);
    const welcome = await nextMessage(socket);
    const { data } = z
      .object({ data: z.object({ routerRtpCapabilities: z.unknown() }) })
      .parse(welcome);
    return new SessionSocket(socket, data.routerRtpCapabilities);
  }

  /** @throws {Error} where the server refuses */
  async openSession(assetId: string): Promise<void> {
    const data = { assetId, rtpCapabilities: this.#rtpCapabilities, dtlsParameters: DTLS };
    const answer = nextMessage(this.#socket);
    this.#socket.send(JSON.stringify({ id: 1, method: 'openSession', data }));
    const { ok } = responseEnvelopeSchema.parse(await answer);
    if (!ok) throw new Error('the server refused');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#socket.once('close', resolve);
    });
    this.#socket.close(1000);
    await closed;
  }
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
  });
}
