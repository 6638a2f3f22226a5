import { isIPv6 } from 'node:net';

/** Groups of 16 bits that one customer has of an IPv6 address, at least (RFC 6177). */
const GROUPS = 4;

/**
 * By what attempts of one person are counted: of IPv6 the first 64 bits, since whoever has one address there has all
 * with the same beginning. Of an IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2), that.
 */
export function addressGroup(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.replace(/%.*$/, '').toLowerCase().split('::', 2);
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const all = [...first, ...Array<string>(missing).fill('0'), ...last];
  return `${all.slice(0, GROUPS).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
}
