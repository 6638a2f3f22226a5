import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createUdpRelay, type UdpRelay, type UdpRelayOptions } from './udp-relay.ts';

const LOOPBACK = '127.0.0.1';
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of undo.splice(0).toReversed()) await end();
});

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  undo.push(() => socket.close());
  return socket;
}

/** A server that answers every datagram with the sender's port and the datagram. */
async function openEcho(): Promise<Socket> {
  const socket = await openSocket();
  socket.on('message', (data, from) => {
    socket.send(`${from.port} ${data.toString()}`, from.port, from.address);
  });
  return socket;
}

async function openRelay(shapes: Pick<UdpRelayOptions, 'up' | 'down'> = {}): Promise<UdpRelay> {
  const echo = await openEcho();
  const relay = await createUdpRelay({
    listen: { ip: LOOPBACK, port: 0 },
    upstream: { ip: LOOPBACK, port: echo.address().port },
    ...shapes,
  });
  undo.push(() => relay.close());
  return relay;
}

async function ask(relay: UdpRelay, client: Socket, text: string): Promise<string> {
  const answer = once(client, 'message');
  client.send(text, relay.port, relay.ip);
  const [data] = await answer;
  return String(data);
}

describe('the UDP relay', () => {
  test('carries datagrams both ways, each client over a socket of its own', async () => {
    const relay = await openRelay();
    const [one, two] = [await openSocket(), await openSocket()];
    const answers = [
      await ask(relay, one, 'a'),
      await ask(relay, two, 'b'),
      await ask(relay, one, 'c'),
    ];
    const [portOne, portTwo, portAgain] = answers.map((answer) => answer.split(' ')[0]);
    expect(answers.map((answer) => answer.split(' ')[1])).toEqual(['a', 'b', 'c']);
    expect(portOne).toBe(portAgain);
    expect(portOne).not.toBe(portTwo);
    expect(relay.counters()).toMatchObject({
      clients: 2,
      up: { packets: 3, delivered: 3 },
      down: { packets: 3, delivered: 3 },
    });
  });

  test('delays each direction by its own shape, changed while it runs', async () => {
    const relay = await openRelay({ down: { delay: 60 } });
    const client = await openSocket();
    const startMs = performance.now();
    await ask(relay, client, 'slow');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(59);
    relay.setShape('down', {});
    relay.setShape('up', { loss: 1 });
    client.send('lost', relay.port, relay.ip);
    while (relay.counters().up.losses === 0) await setImmediate();
  });

  test('closes twice without harm, with packets underway', async () => {
    const relay = await openRelay({ up: { delay: 1000 } });
    const client = await openSocket();
    client.send('late', relay.port, relay.ip);
    await Promise.all([relay.close(), relay.close()]);
  });
});
