/** What stands before the payload of a VP9 packet (RFC 9628 section 4.2). */
export interface Vp9Descriptor {
  /** Does the packet belong to a picture that needs none before it? Layers of one need those below. */
  key: boolean;
  /** Does a Layer's frame begin with this packet? */
  begins: boolean;
  /** 0 where the stream has no Layers. */
  spatialLayer: number;
  /** Of the Layers in the stream at present, lowest first, where the packet tells. */
  sizes: { width: number; height: number }[];
  /** Bytes. */
  length: number;
}

/** @throws {RangeError} where the packet ends too early */
export function readVp9Descriptor(payload: Buffer): Vp9Descriptor {
  const flags = payload.readUInt8(0);
  const has = (bit: number) => (flags & bit) !== 0;
  const [I, P, L, F, B, V] = [0x80, 0x40, 0x20, 0x10, 0x08, 0x02].map(has);
  let at = 1;
  if (I) at += payload.readUInt8(at) & 0x80 ? 2 : 1;
  let spatialLayer = 0;
  if (L) {
    spatialLayer = (payload.readUInt8(at) >> 1) & 0x07;
    at += F ? 1 : 2;
  }
  if (F && P) at += referencesLength(payload, at);
  const structure = V ? readStructure(payload, at) : { sizes: [], length: 0 };
  const { sizes } = structure;
  return { key: !P, begins: B === true, spatialLayer, sizes, length: at + structure.length };
}

/** Up to three pictures that this one refers to; each says whether another follows. */
function referencesLength(payload: Buffer, at: number): number {
  const last = [0, 1, 2].find((index) => index === 2 || (payload.readUInt8(at + index) & 1) === 0);
  return (last ?? 2) + 1;
}

/** The scalability structure (section 4.2.1): sizes, and a group of pictures that is skipped. */
function readStructure(payload: Buffer, start: number): Pick<Vp9Descriptor, 'sizes' | 'length'> {
  const head = payload.readUInt8(start);
  let at = start + 1;
  const sizes: Vp9Descriptor['sizes'] = [];
  if (head & 0x10) {
    for (let layer = 0; layer <= head >> 5; layer += 1) {
      sizes.push({ width: payload.readUInt16BE(at), height: payload.readUInt16BE(at + 2) });
      at += 4;
    }
  }
  if (head & 0x08) {
    const pictures = payload.readUInt8(at);
    at += 1;
    for (let picture = 0; picture < pictures; picture += 1) {
      at += 1 + ((payload.readUInt8(at) >> 2) & 0x03);
    }
  }
  return { sizes, length: at - start };
}
