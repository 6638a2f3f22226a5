/** The receiving side of RFC 6184, written apart from the sending one. */
export function createH264Depacketizer() {
  let fragments: Buffer[] = [];
  return {
    /** NAL units that this payload completes. */
    push(payload: Uint8Array): Buffer[] {
      const data = Buffer.from(payload);
      const type = data.readUInt8(0) & 31;
      if (type === 24) return splitAggregate(data);
      if (type !== 28) return [data];
      const header = data.readUInt8(1);
      if (header & 0x80) fragments = [Buffer.of((data.readUInt8(0) & 0xe0) | (header & 31))];
      fragments.push(data.subarray(2));
      return header & 0x40 ? [Buffer.concat(fragments)] : [];
    },
  };
}

function splitAggregate(data: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let offset = 1; offset < data.length; ) {
    const length = data.readUInt16BE(offset);
    units.push(data.subarray(offset + 2, offset + 2 + length));
    offset += 2 + length;
  }
  return units;
}

/** As a raw H.264 file (Annex B) has it. */
export const annexB = (units: readonly Uint8Array[]): Buffer =>
  Buffer.concat(units.flatMap((unit) => [Buffer.of(0, 0, 0, 1), Buffer.from(unit)]));
