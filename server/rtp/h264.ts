/**
 * H.264 as RTP payloads (RFC 6184, packetization mode 1) from the length-prefixed NAL units that MP4
 * holds (ISO/IEC 14496-15).
 */

/** Bytes of the largest payload: room for headers, SRTP and tunnels in a 1280-byte path. */
export const MAX_PAYLOAD_BYTES = 1180;

const NAL_SEI = 6;
const NAL_ACCESS_UNIT_DELIMITER = 9;
const NAL_STAP_A = 24;
const NAL_FU_A = 28;

/** What an `avcC` box says. */
export type AvcConfig = {
  /** Bytes of the length in front of each NAL unit: 1, 2 or 4. */
  lengthBytes: number;
  sps: Uint8Array[];
  pps: Uint8Array[];
};

/**
 * Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1).
 * @throws {Error} when it is cut short.
 */
export function parseAvcConfig(record: Uint8Array): AvcConfig {
  const lengthBytes = ((record[4] ?? 0) & 0x03) + 1;
  const sps = readParameterSets(record, 6, (record[5] ?? 0) & 0x1f);
  const pps = readParameterSets(record, sps.end + 1, record[sps.end] ?? 0);
  return { lengthBytes, sps: sps.units, pps: pps.units };
}

function readParameterSets(record: Uint8Array, start: number, count: number) {
  const units: Uint8Array[] = [];
  let offset = start;
  for (let index = 0; index < count; index += 1) {
    const length = ((record[offset] ?? 0) << 8) | (record[offset + 1] ?? 0);
    const end = offset + 2 + length;
    if (length === 0 || end > record.length) throw new Error('The avcC record is cut short.');
    units.push(record.subarray(offset + 2, end));
    offset = end;
  }
  return { units, end: offset };
}

/** The NAL units of one access unit. A wrong length ends the list: nothing after it can be trusted. */
export function* splitNalUnits(
  accessUnit: Uint8Array,
  lengthBytes: number,
): Generator<Uint8Array, void> {
  let offset = 0;
  while (offset + lengthBytes <= accessUnit.length) {
    let length = 0;
    for (let index = 0; index < lengthBytes; index += 1) {
      length = length * 256 + (accessUnit[offset + index] ?? 0);
    }
    offset += lengthBytes;
    if (length === 0 || offset + length > accessUnit.length) return;
    yield accessUnit.subarray(offset, offset + length);
    offset += length;
  }
}

const nalType = (unit: Uint8Array): number => (unit[0] ?? 0) & 0x1f;

/** The parameter sets in one packet (RFC 6184 section 5.7.1): receivers know key frames by it. */
export function stapA(units: readonly Uint8Array[]): Uint8Array {
  const bytes = units.reduce((sum, unit) => sum + 2 + unit.length, 1);
  const payload = new Uint8Array(bytes);
  // The highest NRI of what is inside (section 5.3).
  payload[0] = NAL_STAP_A | units.reduce((nri, unit) => Math.max(nri, (unit[0] ?? 0) & 0x60), 0);
  let offset = 1;
  for (const unit of units) {
    payload[offset] = unit.length >>> 8;
    payload[offset + 1] = unit.length;
    payload.set(unit, offset + 2);
    offset += 2 + unit.length;
  }
  return payload;
}

/**
 * The payloads of one access unit in order; the last one is to carry the marker. SEI and delimiters
 * are dropped: they say nothing that RTP does not.
 */
export function packetizeAccessUnit(
  accessUnit: Uint8Array,
  isKeyFrame: boolean,
  config: AvcConfig,
  maxPayloadBytes = MAX_PAYLOAD_BYTES,
): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  if (isKeyFrame) payloads.push(stapA([...config.sps, ...config.pps]));
  for (const unit of splitNalUnits(accessUnit, config.lengthBytes)) {
    const type = nalType(unit);
    if (type === NAL_SEI || type === NAL_ACCESS_UNIT_DELIMITER) continue;
    if (unit.length <= maxPayloadBytes) payloads.push(Uint8Array.from(unit));
    else payloads.push(...fragment(unit, maxPayloadBytes));
  }
  return payloads;
}

/** One NAL unit as FU-A packets of nearly equal size (RFC 6184 section 5.8). */
function fragment(unit: Uint8Array, maxPayloadBytes: number): Uint8Array[] {
  const indicator = ((unit[0] ?? 0) & 0xe0) | NAL_FU_A;
  const type = nalType(unit);
  const body = unit.subarray(1);
  const count = Math.ceil(body.length / (maxPayloadBytes - 2));
  const share = Math.ceil(body.length / count);
  const payloads: Uint8Array[] = [];
  for (let start = 0; start < body.length; start += share) {
    const end = Math.min(body.length, start + share);
    const payload = new Uint8Array(2 + end - start);
    payload[0] = indicator;
    payload[1] = type | (start === 0 ? 0x80 : 0) | (end === body.length ? 0x40 : 0);
    payload.set(body.subarray(start, end), 2);
    payloads.push(payload);
  }
  return payloads;
}
