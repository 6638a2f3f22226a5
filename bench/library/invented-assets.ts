import type { AssetKind, Visibility } from '../../signaling/contract/index.ts';
import type { NewAsset } from '../../server/library/assets.ts';

const SYLLABLES =
  'ba be bi do du fa ka ki la le li lo ma mi mo na ne no pa ra re ri ro sa se si ta te to va'.split(
    ' ',
  );
const KINDS: readonly AssetKind[] = ['video', 'video', 'video', 'audio', 'image'];

/** Assets that nobody made, the same ones each time: words are as unevenly frequent as in any language. */
export class InventedAssets {
  #state = 1;

  /** The n-th most frequent word, counted from 0. */
  word(rank: number): string {
    let word = '';
    for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
      word = `${SYLLABLES[rest % SYLLABLES.length]}${word}`;
    }
    return word;
  }

  next(): NewAsset {
    const kind = KINDS[this.#below(KINDS.length)] ?? 'video';
    return {
      title: this.#words(2 + this.#below(5)),
      description: this.#words(this.#below(40)),
      tags: Array.from({ length: this.#below(5) }, () => this.word(this.#rank(200))),
      visibility: this.#visibility(),
      kind,
      state: this.#below(100) === 0 ? 'refused' : 'ready',
      ...(kind !== 'image' && { duration: 1 + this.#below(7_200_000) / 1000 }),
      bytes: this.#below(2_000_000_000),
      files: [1080, 540, 270].map((height) => ({
        ...{ role: 'rendition', name: `${height}p.mp4`, type: 'video/mp4; codecs="avc1.42c01f"' },
        ...{ bytes: height * 1_000_000, width: (height * 16) / 9, height, bitrate: height * 2_000 },
      })),
    };
  }

  captions(): string {
    return this.#words(800);
  }

  #words(count: number): string {
    return Array.from({ length: count }, () => this.word(this.#rank(20_000))).join(' ');
  }

  #visibility(): Visibility {
    const dice = this.#below(10);
    return dice < 5 ? 'public' : dice < 6 ? 'unlisted' : 'private';
  }

  /** Zipf's law: as often in every octave of ranks. */
  #rank(count: number): number {
    return Math.floor(count ** this.#random()) - 1;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** Numerical Recipes' linear congruential generator: the same numbers on every machine. */
  #random(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
