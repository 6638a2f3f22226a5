import { buffer } from 'node:stream/consumers';
import type { MediaFiles } from '../../store/media-files/media-files.ts';
import type { MediaKey } from '../../store/media-files/media-key.ts';
import { readFragmentStarts, readTableLength, readTimescale } from '../../rtp/mp4/boxes.ts';
import { readSamples } from '../../rtp/mp4/samples.ts';
import { firstOfEach, type Fragment, type Segment, segmentsOf } from './segments.ts';

/** What a playlist has to know of a file. */
export interface TrackIndex {
  /** Of `ftyp` and `moov`. */
  mapBytes: number;
  segments: Segment[];
}

/** Of an hour at six fragments a second: half a megabyte. 24 hours have room. Bytes. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;
const MAX_HEAD_BYTES = 1024 * 1024;
/** A `moof` of one second of picture or sound; bytes. Ours have a few hundred. */
const MOOF_BYTES = 4096;

/** Pictures for looking through: seconds between two, and how many at most. */
const PICTURE_SECONDS = 1;
const MAX_PICTURES = 600;
const READS_AT_ONCE = 8;

/** The file's segments, of about so many seconds: read from the table at its end. */
export async function readSegments(
  files: MediaFiles,
  key: MediaKey,
  seconds: number,
): Promise<TrackIndex> {
  const { mapBytes, fragments, endTime } = await readTable(files, key);
  return { mapBytes, segments: segmentsOf(fragments, endTime, seconds) };
}

/** Its key frames, one a second and at most some hundreds, each as a segment until the next one. */
export async function readPictures(files: MediaFiles, key: MediaKey): Promise<TrackIndex> {
  const { mapBytes, fragments, endTime } = await readTable(files, key);
  const chosen = firstOfEach(fragments, Math.max(PICTURE_SECONDS, endTime / MAX_PICTURES));
  const segments: Segment[] = [];
  for (let at = 0; at < chosen.length; at += READS_AT_ONCE) {
    const some = chosen.slice(at, at + READS_AT_ONCE);
    const read = await Promise.all(some.map((fragment) => readMoof(files, key, fragment)));
    for (const [index, { time, offset }] of some.entries()) {
      const duration = (chosen[at + index + 1]?.time ?? endTime) - time;
      const [picture] = read[index]?.samples ?? [];
      const bytes = picture === undefined ? 0 : picture.offset + picture.size;
      segments.push({ offset, bytes, duration });
    }
  }
  return { mapBytes, segments };
}

async function readTable(files: MediaFiles, key: MediaKey) {
  const read = (start: number, end: number) => readBytes(files, key, start, end);
  const size = (await files.stat(key))?.size ?? 0;
  const tableBytes = readTableLength(await read(size - 16, size));
  if (tableBytes > MAX_TABLE_BYTES) throw new Error(`The table of ${key} is too long.`);
  const tableStart = size - tableBytes;
  const starts = readFragmentStarts(await read(tableStart, size));
  const mapBytes = starts[0]?.offset ?? 0;
  if (mapBytes === 0 || mapBytes > MAX_HEAD_BYTES) throw new Error(`${key} is none of our files.`);
  const timescale = readTimescale(await read(0, mapBytes));
  const first = starts[0]?.time ?? 0;
  const fragments = starts.map(({ time, offset }, index) => ({
    time: (time - first) / timescale,
    offset,
    bytes: (starts[index + 1]?.offset ?? tableStart) - offset,
  }));
  const last = fragments.at(-1);
  const lastUnits = last === undefined ? 0 : (await readMoof(files, key, last)).duration;
  return { mapBytes, fragments, endTime: (last?.time ?? 0) + lastUnits / timescale };
}

async function readMoof(files: MediaFiles, key: MediaKey, { offset, bytes }: Fragment) {
  const head = await readBytes(files, key, offset, offset + Math.min(bytes, MOOF_BYTES));
  const length = head.readUInt32BE(0);
  if (length <= head.length) return readSamples(head.subarray(0, length));
  return readSamples(await readBytes(files, key, offset, offset + Math.min(bytes, length)));
}

/** @param end the first byte that is not wanted */
async function readBytes(
  files: MediaFiles,
  key: MediaKey,
  start: number,
  end: number,
): Promise<Buffer> {
  if (start < 0 || end <= start) throw new Error(`${key} is too short.`);
  const { stream } = await files.open(key, { start, end: end - 1 });
  return buffer(stream);
}
