/** Bytes of an RTP header without CSRCs and extensions (RFC 3550 section 5.1). */
export const RTP_HEADER_BYTES = 12;

/**
 * Bytes of a header with abs-capture-time: 4 for the extension's own header, 1 for the element's, 8
 * for the time, 3 to fill the last word (RFC 8285 section 4.2).
 */
export const EXTENDED_RTP_HEADER_BYTES = RTP_HEADER_BYTES + 16;

/** Bytes of a header with playout-delay: 4 for the extension's own header, 1 for the element's, 3 for the delays. */
export const UNDELAYED_RTP_HEADER_BYTES = RTP_HEADER_BYTES + 8;

export const ABS_CAPTURE_TIME_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

export type RtpHeader = {
  payloadType: number;
  /** The last packet of a picture. */
  marker: boolean;
  /** Taken modulo 2^16. */
  sequenceNumber: number;
  /** Taken modulo 2^32. */
  timestamp: number;
  ssrc: number;
};

/**
 * Writes the fixed part into the first 12 bytes of `target`. Plain byte stores: this runs for every
 * packet, and a DataView would be one more object.
 */
export function writeRtpHeader(
  target: Uint8Array,
  payloadType: number,
  marker: boolean,
  sequenceNumber: number,
  timestamp: number,
  ssrc: number,
): void {
  target[0] = 0x80;
  target[1] = payloadType | (marker ? 0x80 : 0);
  target[2] = sequenceNumber >>> 8;
  target[3] = sequenceNumber;
  writeUint32(target, 4, timestamp);
  writeUint32(target, 8, ssrc);
}

/** Adds the 8-byte form of abs-capture-time after the fixed part and marks the packet as extended. */
export function writeAbsCaptureTime(target: Uint8Array, id: number, epochMs: number): void {
  target[0] = 0x90;
  // One-byte headers: 0xBEDE, then 3 words.
  writeUint32(target, 12, 0xbede0003);
  target[16] = (id << 4) | 7;
  writeNtpTime(target, 17, epochMs);
  target[25] = 0;
  target[26] = 0;
  target[27] = 0;
}

/** The greatest delay that playout-delay can tell, in its unit of 10 ms. */
const ANY_DELAY = 0xfff;

/**
 * Adds playout-delay after the fixed part, and marks the packet as extended.
 *
 * @param atOnce the picture is to be shown as soon as it is decoded; else as late as its receiver likes
 */
export function writePlayoutDelay(target: Uint8Array, id: number, atOnce: boolean): void {
  target[0] = 0x90;
  // One-byte headers: 0xBEDE, then one word.
  writeUint32(target, 12, 0xbede0001);
  // The least delay, and the greatest: 12 bits each.
  writeUint32(target, 16, (((id << 4) | 2) << 24) | (atOnce ? 0 : ANY_DELAY));
}

export function writeUint32(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
}

/** Seconds between the NTP epoch (1900) and the Unix epoch (RFC 5905 section 6). */
const NTP_UNIX_OFFSET_SECONDS = 2_208_988_800;

/** 64-bit NTP time, 32.32 fixed point, of milliseconds since the Unix epoch. */
export function writeNtpTime(target: Uint8Array, offset: number, epochMs: number): void {
  const wholeSeconds = Math.floor(epochMs / 1000);
  const fraction = (epochMs - wholeSeconds * 1000) / 1000;
  writeUint32(target, offset, (wholeSeconds + NTP_UNIX_OFFSET_SECONDS) % 2 ** 32);
  writeUint32(target, offset + 4, Math.floor(fraction * 2 ** 32));
}

/** Milliseconds since the Unix epoch of a 64-bit NTP time. */
export function readNtpTime(source: Uint8Array, offset: number): number {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const seconds = view.getUint32(offset) - NTP_UNIX_OFFSET_SECONDS;
  return seconds * 1000 + (view.getUint32(offset + 4) / 2 ** 32) * 1000;
}

export type ParsedRtpPacket = RtpHeader & {
  /** Elements of a one-byte header extension, by id. */
  extensions: ReadonlyMap<number, Uint8Array>;
  payload: Uint8Array;
};

/** Reads an RTP packet of version 2; undefined where it is none or is cut short. */
export function parseRtpPacket(packet: Uint8Array): ParsedRtpPacket | undefined {
  if (packet.length < RTP_HEADER_BYTES || (packet[0] ?? 0) >> 6 !== 2) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  let offset = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  let extensions: ReadonlyMap<number, Uint8Array> = new Map();
  if (first & 0x10) {
    if (packet.length < offset + 4) return undefined;
    const end = offset + 4 + view.getUint16(offset + 2) * 4;
    if (packet.length < end) return undefined;
    if (view.getUint16(offset) === 0xbede)
      extensions = parseOneByteElements(packet, offset + 4, end);
    offset = end;
  }
  const padding = first & 0x20 ? view.getUint8(packet.length - 1) : 0;
  if (offset + padding > packet.length) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    extensions,
    payload: packet.subarray(offset, packet.length - padding),
  };
}

function parseOneByteElements(
  packet: Uint8Array,
  start: number,
  end: number,
): ReadonlyMap<number, Uint8Array> {
  const elements = new Map<number, Uint8Array>();
  let offset = start;
  while (offset < end) {
    const head = packet[offset] ?? 0;
    offset += 1;
    if (head === 0) continue;
    // 15 ends the elements (RFC 8285 section 4.2).
    if (head >> 4 === 15) break;
    const length = (head & 0x0f) + 1;
    elements.set(head >> 4, packet.subarray(offset, Math.min(end, offset + length)));
    offset += length;
  }
  return elements;
}
