import { expect } from '@jest/globals';
import { boxAt, boxesIn } from '../../server/rtp/mp4/boxes.ts';
import type { PreparedFile } from './preparing.ts';

/** One track, and about a fragment a second: of sound and of pictures, whatever else is in the source. */
export async function expectFragmented({ made, read }: PreparedFile): Promise<void> {
  for (const { name } of made.files.filter(({ role }) => role === 'rendition')) {
    const file = await read(name);
    const types = (boxes: Buffer) => boxesIn(boxes).map(({ type }) => type);
    expect([name, types(boxAt(file, 'moov')).filter((type) => type === 'trak').length]).toEqual([
      name,
      1,
    ]);
    expect(types(file).filter((type) => type === 'moof').length).toBeGreaterThanOrEqual(
      Math.floor(made.duration ?? 0),
    );
  }
}
