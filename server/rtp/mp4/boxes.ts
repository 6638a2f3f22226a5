/** Boxes of our own fragmented MP4 files (ISO/IEC 14496-12), as far as playlists and Pumps need them. Pure. */

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
  return timescaleIn(boxAt(head, 'moov', 'trak', 'mdia', 'mdhd'));
}

/** @param box an `mdhd` or `mvhd`, whose beginnings are alike (sections 8.2.2, 8.4.2) */
function timescaleIn(box: Buffer): number {
  return box.readUInt32BE(box[0] === 1 ? 20 : 12);
}

/**
 * Seconds that the edit list moves all samples by (section 8.6.6): below zero for a coder's run-in, above for a track
 * that begins later.
 *
 * @param head `ftyp` and `moov`
 */
export function readEditOffset(head: Buffer): number {
  const trak = boxAt(head, 'moov', 'trak');
  const edts = boxesIn(trak).find(({ type }) => type === 'edts');
  if (edts === undefined) return 0;
  const elst = boxAt(edts.body, 'elst');
  const [isLong, count] = [elst[0] === 1, elst.readUInt32BE(4)];
  const movieTimescale = timescaleIn(boxAt(head, 'moov', 'mvhd'));
  let offset = 0;
  for (let at = 8, index = 0; index < count; index += 1, at += isLong ? 20 : 12) {
    const duration = isLong ? Number(elst.readBigUInt64BE(at)) : elst.readUInt32BE(at);
    const mediaTime = isLong ? Number(elst.readBigInt64BE(at + 8)) : elst.readInt32BE(at + 4);
    if (mediaTime >= 0) return offset - mediaTime / timescaleIn(boxAt(trak, 'mdia', 'mdhd'));
    offset += duration / movieTimescale;
  }
  return offset;
}

/** The only sample entry (section 8.5.2): its four letters, and what is in it behind the fields that all have. */
export function readSampleEntry(head: Buffer): Box {
  const stsd = boxAt(head, 'moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd');
  const [entry] = boxesIn(stsd.subarray(8));
  if (entry === undefined) throw new Error('The file says nothing of its samples.');
  return entry;
}

/** Bytes of a visual sample entry before the boxes in it (section 12.1.3). */
const VISUAL_ENTRY_BYTES = 78;

/** @param entry of `avc1` @returns the AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.4.2) */
export function readAvcRecord(entry: Buffer): Buffer {
  return boxAt(entry.subarray(VISUAL_ENTRY_BYTES), 'avcC');
}

/** Of a picture. @param entry of `avc1` (section 12.1.3) */
export function readPixels(entry: Buffer): number {
  return entry.readUInt16BE(24) * entry.readUInt16BE(26);
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
