import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Link, type LinkCounters } from './link.ts';
import type { LinkShape } from './link-shape.ts';

export type Endpoint = { ip: string; port: number };

/** `down` is from the upstream (the server) to the client, `up` the other way. */
export type Direction = 'down' | 'up';

export type UdpRelayOptions = {
  /** Where clients send to. Port 0: any free one. */
  listen: Endpoint;
  /** The one address that is relayed to. */
  upstream: Endpoint;
  down?: LinkShape | undefined;
  up?: LinkShape | undefined;
  /** Chance, for tests. Default Math.random. */
  random?: (() => number) | undefined;
};

export type UdpRelayCounters = Record<Direction, LinkCounters> & { clients: number };

export type UdpRelay = {
  readonly ip: string;
  readonly port: number;
  /** Takes the place of the whole shape of this direction, from now on. */
  setShape(direction: Direction, shape: LinkShape): void;
  shape(direction: Direction): LinkShape;
  /** Since the start, all clients together. */
  counters(): UdpRelayCounters;
  /** Idempotent. What is underway is lost. */
  close(): Promise<void>;
};

const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** A client that has been silent for so long is forgotten, and its socket closed. */
const CLIENT_IDLE_MS = 120_000;

type Client = { address: Endpoint; upstream: Socket; heardMs: number };
type Datagram = { data: Buffer; socket: Socket; to: Endpoint };

/**
 * A UDP relay that makes loopback into a link: rate, queue, delay, jitter, loss and reordering for
 * each direction. All clients share the link. Each gets a socket of its own toward the upstream, so
 * that the upstream can tell them apart.
 *
 * @throws {Error} when the address cannot be bound.
 */
export async function createUdpRelay(options: UdpRelayOptions): Promise<UdpRelay> {
  const { listen, upstream, random = Math.random } = options;
  const front = await bind(listen);
  const down = createShapedPath(new Link<Datagram>(options.down, random));
  const up = createShapedPath(new Link<Datagram>(options.up, random));
  const paths = { down, up };
  const clients = new Map<string, Client>();

  const addClient = (key: string, address: Endpoint): Client => {
    const socket = createRelaySocket();
    const client = { address, upstream: socket, heardMs: performance.now() };
    socket.on('message', (data) => down.send({ data, socket: front, to: address }));
    socket.on('error', () => removeClient(key));
    clients.set(key, client);
    return client;
  };
  const removeClient = (key: string): void => {
    clients.get(key)?.upstream.close();
    clients.delete(key);
  };

  front.on('message', (data, { address: ip, port }) => {
    const key = `${ip}:${port}`;
    const client = clients.get(key) ?? addClient(key, { ip, port });
    client.heardMs = performance.now();
    up.send({ data, socket: client.upstream, to: upstream });
  });
  const sweeper = setInterval(() => {
    for (const [key, client] of clients) {
      if (performance.now() - client.heardMs > CLIENT_IDLE_MS) removeClient(key);
    }
  }, CLIENT_IDLE_MS / 4);

  let closing: Promise<unknown> | undefined;
  return {
    ip: front.address().address,
    port: front.address().port,
    setShape: (direction, shape) => paths[direction].setShape(shape),
    shape: (direction) => paths[direction].shape,
    counters: () => ({
      down: { ...down.counters },
      up: { ...up.counters },
      clients: clients.size,
    }),
    async close() {
      closing ??= closed(front);
      clearInterval(sweeper);
      down.stop();
      up.stop();
      for (const key of clients.keys()) removeClient(key);
      await closing;
    },
  };
}

/** A link with a timer: what arrives is sent. */
function createShapedPath(link: Link<Datagram>) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const deliver = (): void => {
    clearTimeout(timer);
    if (stopped) return;
    for (const { data, socket, to } of link.take(performance.now())) {
      // The far end may be gone: that is what losing a packet looks like.
      socket.send(data, to.port, to.ip, () => undefined);
    }
    const dueMs = link.nextDueMs();
    if (dueMs !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(deliver, Math.max(0, dueMs - performance.now()));
    }
  };

  return {
    get shape() {
      return link.shape;
    },
    counters: link.counters,
    send(datagram: Datagram): void {
      if (link.send(datagram, datagram.data.length, performance.now())) deliver();
    },
    setShape(shape: LinkShape): void {
      link.setShape(shape, performance.now());
      deliver();
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function createRelaySocket(): Socket {
  return createSocket({
    type: 'udp4',
    recvBufferSize: SOCKET_BUFFER_BYTES,
    sendBufferSize: SOCKET_BUFFER_BYTES,
  });
}

async function bind({ ip, port }: Endpoint): Promise<Socket> {
  const socket = createRelaySocket();
  socket.bind(port, ip);
  await once(socket, 'listening');
  // Sending errors are told to each send; nothing else is expected, and nothing depends on it.
  socket.on('error', () => undefined);
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  const end = once(socket, 'close');
  socket.close();
  await end;
}
