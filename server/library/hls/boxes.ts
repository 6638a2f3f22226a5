/** Boxes of our own fragmented MP4 files (ISO/IEC 14496-12), as far as playlists need them. Pure. */

export interface Box {
  type: string;
  /** Without the box's own header. */
  body: Buffer;
}

/** Where a fragment begins. */
export interface FragmentStart {
  /** In units of the track's timescale. */
  time: number;
  /** Of its `moof`, bytes from the file's start. */
  offset: number;
}

/** The boxes that follow each other in these bytes; one that is cut off is left out. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    boxes.push({ type, body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return boxes;
}

/** The first box under these names, one inside of the other. @throws Error where there is none */
export function boxAt(bytes: Buffer, ...path: string[]): Buffer {
  let inside = bytes;
  for (const type of path) {
    const found = boxesIn(inside).find((box) => box.type === type);
    if (found === undefined) throw new Error(`The file has no ${path.join('/')} box.`);
    inside = found.body;
  }
  return inside;
}

/** Units of a second, of the only track. @param head `ftyp` and `moov` */
export function readTimescale(head: Buffer): number {
  const mdhd = boxAt(head, 'moov', 'trak', 'mdia', 'mdhd');
  return mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12);
}

/** Bytes of the `mfra` box at the file's end. @param tail its last 16 bytes, the `mfro` (section 8.8.11) */
export function readTableLength(tail: Buffer): number {
  if (tail.toString('latin1', 4, 8) !== 'mfro') throw new Error('The file has no mfro box.');
  return tail.readUInt32BE(12);
}

/** The track's fragments in their order (section 8.8.10). @param mfra the whole box */
export function readFragmentStarts(mfra: Buffer): FragmentStart[] {
  const tfra = boxAt(mfra, 'mfra', 'tfra');
  const isLong = tfra[0] === 1;
  const lengths = tfra.readUInt32BE(8);
  const numbers = ((lengths >> 4) & 3) + ((lengths >> 2) & 3) + (lengths & 3) + 3;
  const entryBytes = (isLong ? 16 : 8) + numbers;
  const count = Math.min(tfra.readUInt32BE(12), Math.floor((tfra.length - 16) / entryBytes));
  const number = (at: number) =>
    isLong ? Number(tfra.readBigUInt64BE(at)) : tfra.readUInt32BE(at);
  return Array.from({ length: count }, (_, index) => {
    const at = 16 + index * entryBytes;
    return { time: number(at), offset: number(at + (isLong ? 8 : 4)) };
  });
}

/** What a fragment says of its samples. */
export interface FragmentContent {
  /** Of all its samples, in units of the track's timescale. */
  duration: number;
  /** Bytes from the fragment's start to the end of its first sample. */
  firstSampleEnd: number;
}

/** Flags of `tfhd` and `trun` (sections 8.8.7, 8.8.8). */
const TFHD = { baseDataOffset: 0x1, sampleDescription: 0x2, duration: 0x8, size: 0x10 };
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200 };

/** @param moof the whole box */
export function readFragment(moof: Buffer): FragmentContent {
  const tfhd = boxAt(moof, 'moof', 'traf', 'tfhd');
  const trun = boxAt(moof, 'moof', 'traf', 'trun');
  const defaults = readDefaults(tfhd);
  const flags = trun.readUInt32BE(0) & 0xffffff;
  const count = trun.readUInt32BE(4);
  const has = (flag: number) => (flags & flag) !== 0;
  const dataOffset = has(TRUN.dataOffset) ? trun.readInt32BE(8) : moof.length + 8;
  const first = 8 + (has(TRUN.dataOffset) ? 4 : 0) + (has(TRUN.firstFlags) ? 4 : 0);
  // Each of the four numbers that a sample may have takes four bytes.
  const sampleBytes = 4 * [0x100, 0x200, 0x400, 0x800].filter(has).length;
  let duration = count * defaults.duration;
  if (has(TRUN.duration)) {
    duration = 0;
    for (let index = 0; index < count; index += 1) {
      duration += trun.readUInt32BE(first + index * sampleBytes);
    }
  }
  const size = has(TRUN.size)
    ? trun.readUInt32BE(first + (has(TRUN.duration) ? 4 : 0))
    : defaults.size;
  return { duration, firstSampleEnd: dataOffset + size };
}

function readDefaults(tfhd: Buffer): { duration: number; size: number } {
  const flags = tfhd.readUInt32BE(0) & 0xffffff;
  let at = 8;
  const next = (flag: number, bytes: number): number => {
    if ((flags & flag) === 0) return 0;
    const value = bytes === 4 ? tfhd.readUInt32BE(at) : 0;
    at += bytes;
    return value;
  };
  next(TFHD.baseDataOffset, 8);
  next(TFHD.sampleDescription, 4);
  return { duration: next(TFHD.duration, 4), size: next(TFHD.size, 4) };
}
