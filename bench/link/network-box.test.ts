import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Privileges } from './namespace.ts';
import { NetworkBox } from './network-box.ts';
import { findPrograms } from './programs.ts';

const PORT = 9;
/** Sends a number of bytes to whoever connects. */
const SEND = `require('node:net').createServer((socket) => socket.on('error', () => {})
  .end(Buffer.alloc(125_000))).listen(${PORT}, () => console.log('listening'))`;
/** Prints how long it took to get them all, milliseconds; fails after a while without any. */
const RECEIVE = `const [host, timeout] = process.argv.slice(1); const started = performance.now();
  require('node:net').connect(${PORT}, host).setTimeout(Number(timeout), () => process.exit(1))
  .on('error', () => process.exit(1)).on('end', () => console.log(performance.now() - started)).resume()`;

let box: NetworkBox | undefined;
const children: ReturnType<typeof spawn>[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  }
  await box?.close();
});

/** A box whose server sends. */
async function openBox(clients: number, privileges: Privileges = 'auto'): Promise<NetworkBox> {
  const opened = await NetworkBox.create({ clients, privileges });
  box = opened;
  const [command = '', ...args] = opened.server.command([process.execPath, '--eval', SEND]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return opened;
}

/** How long client `index` takes for the bytes, milliseconds; null where none come. */
function receive(
  opened: NetworkBox,
  index: number,
  timeoutMs = 20_000,
  from = index,
): number | null {
  const link = opened.links[index];
  const address = opened.links[from]?.serverAddress;
  if (link === undefined || address === undefined) throw new Error('no such link');
  const command = [process.execPath, '--eval', RECEIVE, address, String(timeoutMs)];
  const [program = '', ...args] = link.client.command(command);
  try {
    return Number(execFileSync(program, args, { encoding: 'utf8' }));
  } catch {
    return null;
  }
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a box of network namespaces', () => {
  test.each(['unplugged', 'silent'] as const)('cuts one link and no other: %s', async (how) => {
    const opened = await openBox(2);
    const [first] = opened.links;
    await first?.cut(how);
    expect(receive(opened, 0, 500)).toBeNull();
    expect(receive(opened, 1)).not.toBeNull();
    await first?.restore();
    expect(receive(opened, 0)).not.toBeNull();
    // Every address of the server is reached by every client, as the server tells all of them.
    expect(receive(opened, 0, 20_000, 1)).not.toBeNull();
  });

  test('makes a direction narrow, and wide again, also over a cut', async () => {
    const opened = await openBox(1);
    const [link] = opened.links;
    await link?.setBottleneck('down', { rate: 1_000_000 });
    await link?.cut('silent');
    await link?.restore();
    // A megabit, less the burst that passes at once.
    expect(receive(opened, 0)).toBeGreaterThan(800);
    await link?.setBottleneck('down', null);
    expect(receive(opened, 0)).toBeLessThan(800);
  });

  test('forbids a port, and allows it again; nobody is told', async () => {
    const opened = await openBox(2);
    const [first] = opened.links;
    await first?.forbid([{ protocol: 'udp' }, { protocol: 'tcp', port: PORT }]);
    expect(receive(opened, 0, 500)).toBeNull();
    expect(receive(opened, 1)).not.toBeNull();
    await first?.forbid([{ protocol: 'udp' }, { protocol: 'tcp', port: PORT + 1 }]);
    expect(receive(opened, 0)).not.toBeNull();
    await first?.forbid([{ protocol: 'tcp' }]);
    expect(receive(opened, 0, 500)).toBeNull();
    await first?.forbid([]);
    expect(receive(opened, 0)).not.toBeNull();
  });

  test('works for an ordinary person too, by a user namespace, and shows nothing outside', async () => {
    const opened = await openBox(1, 'userNamespace');
    expect(receive(opened, 0)).not.toBeNull();
    const outside = readlinkSync('/proc/self/ns/net');
    expect(readlinkSync(`/proc/${opened.server.pid}/ns/net`)).not.toBe(outside);
    await opened.close();
    await opened.close();
  });

  test('a missing program is named with its package', () => {
    expect(() => findPrograms('/nowhere', [])).toThrow(
      'needs ip, tc, nsenter, unshare, not found here. On Debian: apt-get install iproute2 util-linux',
    );
  });
});
