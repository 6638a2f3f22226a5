import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import type { WireIceCandidate } from '../../signaling/contract/index.ts';
import { candidatesFor, listenInfos } from './listen-addresses.ts';

const address = (ip: string, family: 'IPv4' | 'IPv6', internal: boolean): NetworkInterfaceInfo => {
  const common = { address: ip, internal, netmask: '', mac: '', cidr: null };
  return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid: 0 };
};

const INTERFACES = {
  eth0: [address('192.0.2.7', 'IPv4', false), address('2001:db8::7', 'IPv6', false)],
  eth1: [address('fe80::1', 'IPv6', false)],
  lo: [address('127.0.0.1', 'IPv4', true), address('::1', 'IPv6', true)],
};

describe('listenInfos', () => {
  test.each([
    ['every IPv4 interface, loopback first', { host: '0.0.0.0' }, ['127.0.0.1', '192.0.2.7']],
    [
      'IPv6 too, but nothing link-local',
      { host: '::' },
      ['127.0.0.1', '::1', '192.0.2.7', '2001:db8::7'],
    ],
    ['one address', { host: '192.0.2.7' }, ['192.0.2.7']],
    [
      'an announced one stands for all',
      { host: '0.0.0.0', announcedAddress: '198.51.100.1' },
      ['0.0.0.0 as 198.51.100.1'],
    ],
  ])('%s', (_name, options, expected) => {
    const infos = listenInfos(
      { announcedAddress: undefined, port: 40_000, ...options },
      INTERFACES,
    );
    const seen = infos.map(({ protocol, ip, announcedAddress }) =>
      announcedAddress === undefined
        ? `${protocol} ${ip}`
        : `${protocol} ${ip} as ${announcedAddress}`,
    );
    expect(seen).toEqual(expected.flatMap((one) => [`udp ${one}`, `tcp ${one}`]));
  });
});

describe('candidatesFor', () => {
  const candidate = (ip: string): WireIceCandidate => ({
    foundation: 'x',
    priority: 1,
    address: ip,
    ip,
    protocol: 'udp',
    port: 40_000,
    type: 'host',
  });
  const both = [candidate('127.0.0.1'), candidate('192.0.2.7')];

  test.each([
    ['somebody on this machine', '127.0.0.1', both, ['127.0.0.1', '192.0.2.7']],
    ['the same over IPv6', '::ffff:127.0.0.1', both, ['127.0.0.1', '192.0.2.7']],
    ['somebody elsewhere', '192.0.2.9', both, ['192.0.2.7']],
    ['nobody knows where', undefined, both, ['192.0.2.7']],
    ['elsewhere, but there is only loopback', '192.0.2.9', both.slice(0, 1), ['127.0.0.1']],
  ])('%s', (_name, viewer, candidates, expected) => {
    expect(candidatesFor(viewer, candidates).map(({ address: ip }) => ip)).toEqual(expected);
  });
});
