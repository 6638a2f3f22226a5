import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** As much of STUN (RFC 8489) as tests need to be clients of it. */
export const STUN_METHODS = {
  binding: 0x0001,
  allocate: 0x0003,
  createPermission: 0x0008,
} as const;

export const STUN_ATTRIBUTES = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlling: 0x802a,
} as const;

export const STUN_COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]);

export type StunAttribute = readonly [type: number, value: Buffer];

export interface StunOptions {
  /** Of the HMAC; no integrity without one. */
  key?: Buffer | undefined;
  fingerprint?: boolean;
}

/** Section 5. @returns the message of a request, with another transaction each time */
export function stunRequest(
  method: number,
  attributes: readonly StunAttribute[],
  { key, fingerprint = false }: StunOptions = {},
): Buffer {
  const transaction = randomBytes(12);
  const head = (length: number) => {
    const start = Buffer.alloc(4);
    start.writeUInt16BE(method, 0);
    start.writeUInt16BE(length, 2);
    return Buffer.concat([start, STUN_COOKIE, transaction]);
  };
  let body = Buffer.concat(attributes.map(encode));
  if (key !== undefined) {
    // Section 14.5: the length counts the integrity in, the HMAC leaves it out.
    const signed = Buffer.concat([head(body.length + 24), body]);
    const integrity = createHmac('sha1', key).update(signed).digest();
    body = Buffer.concat([body, encode([STUN_ATTRIBUTES.integrity, integrity])]);
  }
  if (!fingerprint) return Buffer.concat([head(body.length), body]);
  const checked = Buffer.concat([head(body.length + 8), body]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc32(checked) ^ 0x5354554e) >>> 0);
  return Buffer.concat([checked, encode([STUN_ATTRIBUTES.fingerprint, sum])]);
}

/** Section 14. */
function encode([type, value]: StunAttribute): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

/** @returns its attributes by their types */
export function stunAttributes(message: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    found.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return found;
}

/** Of an answer: `ok`, or the number of its error (section 14.8). */
export function stunOutcome(answer: Buffer): 'ok' | number {
  if ((answer.readUInt16BE(0) & 0x0110) !== 0x0110) return 'ok';
  const error = stunAttributes(answer).get(STUN_ATTRIBUTES.errorCode);
  return (error?.[2] ?? 0) * 100 + (error?.[3] ?? 0);
}

/** Does it answer this request? */
export function answersStun(message: Buffer, request: Buffer): boolean {
  return message.subarray(8, 20).equals(request.subarray(8, 20));
}
