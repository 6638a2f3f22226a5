import type { NetworkInterfaceInfo } from 'node:os';
import { isIP } from 'node:net';
import type { types } from 'mediasoup';
import type { WireIceCandidate } from '../../signaling/contract/index.ts';

/** Bytes. A key frame leaves as one burst, since mediasoup does not pace; the kernel may clamp this. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

export interface ListenOptions {
  /** The address that the doors listen on: `0.0.0.0` or `::` for every interface. */
  host: string;
  /** What Viewers are told instead of the machine's own address, behind a NAT or in a container. */
  announcedAddress: string | undefined;
  /** UDP and TCP port; 0 for any free one. */
  port: number;
}

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * Where a Worker's WebRtcServer listens. A candidate must be an address that a Viewer can reach, so
 * `0.0.0.0` becomes each interface's own, unless the operator announces one for all of them.
 */
export function listenInfos(
  options: ListenOptions,
  interfaces: Interfaces,
): types.TransportListenInfo[] {
  return listenAddresses(options, interfaces).flatMap((address) => [
    listenInfo('udp', address, options.port),
    listenInfo('tcp', address, options.port),
  ]);
}

interface ListenAddress {
  ip: string;
  announcedAddress?: string;
}

function listenAddresses(options: ListenOptions, interfaces: Interfaces): ListenAddress[] {
  const { host, announcedAddress } = options;
  if (announcedAddress !== undefined) return [{ ip: host, announcedAddress }];
  if (!ANY_ADDRESS.has(host)) return [{ ip: host }];
  return interfaceAddresses(interfaces, host === '::').map((ip) => ({ ip }));
}

/** Loopback first. Link-local IPv6 addresses are left out: they mean nothing without their interface. */
function interfaceAddresses(interfaces: Interfaces, withIPv6: boolean): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const usable = all.filter(
    ({ family, address }) => family === 'IPv4' || (withIPv6 && !address.startsWith('fe80:')),
  );
  const inOrder = usable.toSorted((a, b) => Number(b.internal) - Number(a.internal));
  return inOrder.map(({ address }) => address);
}

function listenInfo(
  protocol: 'udp' | 'tcp',
  address: ListenAddress,
  port: number,
): types.TransportListenInfo {
  return {
    protocol,
    ...address,
    port,
    sendBufferSize: SOCKET_BUFFER_BYTES,
    recvBufferSize: SOCKET_BUFFER_BYTES,
  };
}

/**
 * The candidates worth telling a Viewer: loopback ones only to somebody on this very machine, since on
 * any other they would name that machine itself. Where nothing else is on offer, all of them.
 */
export function candidatesFor(
  viewerAddress: string | undefined,
  candidates: WireIceCandidate[],
): WireIceCandidate[] {
  if (viewerAddress !== undefined && isLoopback(viewerAddress)) return candidates;
  const reachable = candidates.filter(({ address }) => !isLoopback(address));
  return reachable.length > 0 ? reachable : candidates;
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
