import type { AccessUnit } from './h264-assembler.ts';

/** Encoders of people have a key frame every ten seconds at the worst; these bound what is kept. */
const MOST_PICTURES = 600;
const MOST_BYTES = 16 * 1024 * 1024;

/** The pictures since the last key frame: with them, decoding can begin at any moment. */
export class RecentPictures {
  #units: AccessUnit[] = [];
  #bytes = 0;

  get units(): readonly AccessUnit[] {
    return this.#units;
  }

  push(unit: AccessUnit): void {
    if (unit.isKeyFrame || !unit.whole) this.#clear();
    if (!unit.whole || (this.#units.length === 0 && !unit.isKeyFrame)) return;
    this.#units.push(unit);
    this.#bytes += unit.units.reduce((sum, { length }) => sum + length, 0);
    if (this.#units.length > MOST_PICTURES || this.#bytes > MOST_BYTES) this.#clear();
  }

  #clear(): void {
    this.#units = [];
    this.#bytes = 0;
  }
}
