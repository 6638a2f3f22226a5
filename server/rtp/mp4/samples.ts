import { boxAt } from './boxes.ts';

/** Samples of one fragment (ISO/IEC 14496-12 section 8.8). Pure. */

export interface Sample {
  /** In units of the track's timescale, from the fragment's start. */
  time: number;
  duration: number;
  /** Bytes, from the start of the `moof`. */
  offset: number;
  size: number;
  isKeyFrame: boolean;
}

export interface FragmentSamples {
  /** When it begins, in units of the track's timescale (`tfdt`). */
  time: number;
  /** Of all of them. */
  duration: number;
  samples: Sample[];
}

/** Flags of `tfhd` and `trun` (sections 8.8.7, 8.8.8), in the order in which their fields follow. */
const TFHD = {
  baseDataOffset: 0x1,
  sampleDescription: 0x2,
  duration: 0x8,
  size: 0x10,
  flags: 0x20,
};
const TRUN = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  compositionOffset: 0x800,
};
/** `sample_is_non_sync_sample` (section 8.8.3.1). */
const NO_KEY_FRAME = 0x10000;

/** @param moof the whole box, its header included */
export function readSamples(moof: Buffer): FragmentSamples {
  const traf = boxAt(moof, 'moof', 'traf');
  const defaults = readDefaults(boxAt(traf, 'tfhd'));
  const tfdt = boxAt(traf, 'tfdt');
  const trun = new Fields(boxAt(traf, 'trun'));
  const count = trun.next();
  let offset = trun.nextIf(TRUN.dataOffset) ?? moof.length + 8;
  const firstFlags = trun.nextIf(TRUN.firstFlags);
  const samples: Sample[] = [];
  let time = 0;
  for (let index = 0; index < count; index += 1) {
    const duration = trun.nextIf(TRUN.duration) ?? defaults.duration;
    const size = trun.nextIf(TRUN.size) ?? defaults.size;
    const own = trun.nextIf(TRUN.flags) ?? defaults.flags;
    const flags = index === 0 ? (firstFlags ?? own) : own;
    const shift = trun.nextIf(TRUN.compositionOffset) ?? 0;
    const isKeyFrame = (flags & NO_KEY_FRAME) === 0;
    samples.push({ time: time + shift, duration, offset, size, isKeyFrame });
    time += duration;
    offset += size;
  }
  const begin = tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
  return { time: begin, duration: time, samples };
}

function readDefaults(tfhd: Buffer): { duration: number; size: number; flags: number } {
  const fields = new Fields(tfhd);
  // Which track: there is one only.
  fields.next();
  // Eight bytes, which nothing here is counted from: ours count from the `moof`.
  fields.nextIf(TFHD.baseDataOffset);
  if (fields.has(TFHD.baseDataOffset)) fields.next();
  fields.nextIf(TFHD.sampleDescription);
  return {
    duration: fields.nextIf(TFHD.duration) ?? 0,
    size: fields.nextIf(TFHD.size) ?? 0,
    flags: fields.nextIf(TFHD.flags) ?? 0,
  };
}

/** The 32-bit fields of a full box, some of which are there by its flags (section 4.2). */
class Fields {
  readonly #bytes: Buffer;
  readonly #flags: number;
  #at = 4;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#flags = bytes.readUInt32BE(0) & 0xffffff;
  }

  has(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }

  next(): number {
    const value = this.#bytes.readInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  nextIf(flag: number): number | undefined {
    return this.has(flag) ? this.next() : undefined;
  }
}
