import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openPumpSocket } from './pump-socket.ts';

const opened: { close(): unknown }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function receiver() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  opened.push(socket);
  const target = { ip: '127.0.0.1', port: socket.address().port };
  const next = async (): Promise<{ data: Buffer; from: RemoteInfo }> => {
    const [data, from] = await once(socket, 'message');
    return { data, from };
  };
  return { target, next };
}

describe('openPumpSocket', () => {
  test('sends from the port that it told, and from the same one after it was sent elsewhere', async () => {
    const pump = await openPumpSocket();
    opened.push(pump);
    const [first, second] = [await receiver(), await receiver()];
    for (const { target, next } of [first, second, first]) {
      await pump.connect(target);
      const arriving = next();
      pump.write(Uint8Array.of(1, 2), Uint8Array.of(3));
      const { data, from } = await arriving;
      expect([...data]).toEqual([1, 2, 3]);
      expect(from.port).toBe(pump.port);
    }
  });

  test('goes on where nobody listened for a while', async () => {
    const pump = await openPumpSocket();
    opened.push(pump);
    const gone = createSocket('udp4');
    gone.bind(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address();
    await pump.connect({ ip: '127.0.0.1', port });
    gone.close();
    await once(gone, 'close');
    while (pump.errors === 0) {
      pump.write(Uint8Array.of(1), Uint8Array.of(2));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { target, next } = await receiver();
    await pump.connect(target);
    const arriving = next();
    pump.write(Uint8Array.of(1), Uint8Array.of(2));
    expect((await arriving).from.port).toBe(pump.port);
  });
});
