import { type FileHandle, open } from 'node:fs/promises';
import {
  type Box,
  readEditOffset,
  readFragmentStarts,
  readSampleEntry,
  readTableLength,
  readTimescale,
} from './boxes.ts';
import { lastAtOrBefore } from '../rising-times.ts';
import { readSamples } from './samples.ts';

/** One sample with its bytes. Times in seconds. */
export interface ReadSample {
  time: number;
  duration: number;
  isKeyFrame: boolean;
  /** Shows a part of what was read in one go: it is copied by whoever keeps it. */
  data: Buffer;
}

/** Of an hour at six fragments a second: half a megabyte. 24 hours have room. Bytes. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;
const MAX_HEAD_BYTES = 1024 * 1024;

/**
 * A file of one track in fragments, with the table of them at its end (`mfra`), as all Renditions are: what is wanted
 * is read in one go, and nothing is kept.
 */
export class FragmentedFile {
  readonly entry: Box;
  readonly #file: FileHandle;
  readonly #timescale: number;
  readonly #editOffset: number;
  /** Where each fragment begins, seconds; and in the file, with the table's own place for the last. */
  readonly #times: Float64Array;
  readonly #offsets: Float64Array;

  private constructor(file: FileHandle, head: Buffer, table: Buffer, tableStart: number) {
    this.#file = file;
    this.#timescale = readTimescale(head);
    this.#editOffset = readEditOffset(head);
    this.entry = readSampleEntry(head);
    const starts = readFragmentStarts(table);
    this.#times = Float64Array.from(starts, ({ time }) => this.#seconds(time));
    this.#offsets = Float64Array.from([...starts.map(({ offset }) => offset), tableStart]);
  }

  /** @throws {Error} where it is not there, or none of ours */
  static async open(path: string): Promise<FragmentedFile> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const tableBytes = readTableLength(await read(file, size - 16, size));
      if (tableBytes > MAX_TABLE_BYTES) throw new Error('its table is too long');
      const table = await read(file, size - tableBytes, size);
      const headBytes = readFragmentStarts(table)[0]?.offset ?? 0;
      if (headBytes > MAX_HEAD_BYTES) throw new Error('its head is too long');
      return new FragmentedFile(file, await read(file, 0, headBytes), table, size - tableBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Samples that begin from one time on and before another, seconds. */
  async between(start: number, end: number): Promise<ReadSample[]> {
    const first = Math.max(0, lastAtOrBefore(this.#times, start));
    let last = lastAtOrBefore(this.#times, end);
    if (this.#times[last] === end) last -= 1;
    if (last < first) return [];
    const samples = await this.#read(first, last);
    return samples.filter(({ time }) => time >= start && time < end);
  }

  async first(): Promise<ReadSample | undefined> {
    return (await this.#read(0, 0))[0];
  }

  async last(): Promise<ReadSample | undefined> {
    const last = this.#times.length - 1;
    return (await this.#read(last, last)).at(-1);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** All samples of some fragments in a row. */
  async #read(first: number, last: number): Promise<ReadSample[]> {
    const [start = 0, end = 0] = [this.#offsets[first], this.#offsets[last + 1]];
    const bytes = await read(this.#file, start, end);
    const samples: ReadSample[] = [];
    for (let index = first; index <= last; index += 1) {
      const from = (this.#offsets[index] ?? 0) - start;
      this.#addSamples(samples, bytes.subarray(from, (this.#offsets[index + 1] ?? 0) - start));
    }
    return samples;
  }

  #addSamples(samples: ReadSample[], fragment: Buffer): void {
    const found = readSamples(fragment.subarray(0, fragment.readUInt32BE(0)));
    for (const { time, duration, offset, size, isKeyFrame } of found.samples) {
      if (offset + size > fragment.length) throw new Error('a fragment is cut short');
      samples.push({
        time: this.#seconds(found.time + time),
        duration: duration / this.#timescale,
        isKeyFrame,
        data: fragment.subarray(offset, offset + size),
      });
    }
  }

  #seconds(units: number): number {
    return units / this.#timescale + this.#editOffset;
  }
}

/** @param end the first byte that is not wanted */
async function read(file: FileHandle, start: number, end: number): Promise<Buffer> {
  if (start < 0 || end <= start) throw new Error('it is too short');
  const bytes = Buffer.allocUnsafe(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error('it is cut short');
    filled += bytesRead;
  }
  return bytes;
}
