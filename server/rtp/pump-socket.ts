import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { PumpTarget } from './pump-messages.ts';

/** Room for a key frame of every Layer at once. The kernel halves or caps it as it likes. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** The one UDP socket of a stream, RTP and RTCP together (RFC 5761). */
export type PumpSocket = {
  readonly port: number;
  readonly errors: number;
  connect(target: PumpTarget): Promise<void>;
  write(header: Uint8Array, payload: Uint8Array): void;
  writeReport(report: Uint8Array): void;
  close(): void;
};

/** @param onMessage hears what comes back; the Pump has no use for it */
export async function openPumpSocket(
  onMessage: (message: Buffer) => void = () => undefined,
): Promise<PumpSocket> {
  const socket = await bindToFreePort();
  let errors = 0;
  let connected = false;
  // "Connection refused" comes back from a port that nobody has: the SFU's worker died. The owner
  // learns of that from the SFU and calls start() with another one.
  socket.on('error', () => {
    errors += 1;
  });
  // Receiver reports are read even where they are let go, so that they do not fill the kernel's buffer.
  socket.on('message', onMessage);
  return {
    port: socket.address().port,
    get errors() {
      return errors;
    },
    async connect(target) {
      if (connected) socket.disconnect();
      connected = false;
      await connect(socket, target);
      connected = true;
    },
    write(header, payload) {
      if (connected) socket.send([header, payload]);
    },
    writeReport(report) {
      if (connected) socket.send(report);
    },
    close() {
      connected = false;
      socket.close();
    },
  };
}

/** Tries, since another program may take the port between the two steps. */
const BIND_ATTEMPTS = 10;

/**
 * A socket that keeps its port for good. Linux takes a port that it chose itself (port 0) away when the
 * socket is disconnected, to be sent elsewhere; one that was asked for by its number stays. The SFU
 * hears this one port only.
 */
async function bindToFreePort(): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bind(await freePort());
    } catch (error) {
      if (attempt === BIND_ATTEMPTS) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const probe = await bind(0);
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function bind(port: number): Promise<Socket> {
  const socket = createSocket({
    type: 'udp4',
    sendBufferSize: SOCKET_BUFFER_BYTES,
    recvBufferSize: SOCKET_BUFFER_BYTES,
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** A connected socket sends without looking the address up for every packet. */
function connect(socket: Socket, { ip, port }: PumpTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    // dgram hands a failure to this callback instead of the 'error' event, untyped.
    socket.connect(port, ip, (...args: unknown[]) => {
      const [error] = args;
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}
