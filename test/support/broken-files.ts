/** Numbers that look random and are the same for the same seed (mulberry32). @returns 0 to 1 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Damage = (bytes: Buffer, random: () => number) => Buffer;

const place = (bytes: Buffer, random: () => number) => Math.floor(random() * bytes.length);

/** What happens to files: on bad disks, on lost connections, by people who mean it. */
const DAMAGES: readonly Damage[] = [
  /** Single bytes anywhere. */
  (bytes, random) => flip(bytes, random, 0, bytes.length, 1 + random() * 40),
  /** The head, where sizes, rates and counts stand. */
  (bytes, random) => flip(bytes, random, 4, Math.min(bytes.length, 1024), 1 + random() * 10),
  /** The end, where MP4 may keep its index. */
  (bytes, random) => flip(bytes, random, Math.max(0, bytes.length - 2048), bytes.length, 20),
  /** Cut off. */
  (bytes, random) => bytes.subarray(0, 1 + place(bytes, random)),
  /** A hole of zeros. */
  (bytes, random) => {
    const at = place(bytes, random);
    const end = Math.min(bytes.length, at + Math.floor(random() * 4096));
    return Buffer.from(bytes).fill(0, at, end);
  },
  /** The largest numbers. */
  (bytes, random) => {
    const at = place(bytes, random);
    return Buffer.from(bytes).fill(0xff, at, Math.min(bytes.length, at + 4));
  },
  /** A piece twice, a piece missing. */
  (bytes, random) => {
    const [a, b] = [place(bytes, random), place(bytes, random)];
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
  },
];

function flip(
  bytes: Buffer,
  random: () => number,
  from: number,
  to: number,
  times: number,
): Buffer {
  const broken = Buffer.from(bytes);
  for (let count = 0; count < times; count += 1) {
    broken[from + Math.floor(random() * (to - from))] = Math.floor(random() * 256);
  }
  return broken;
}

/** A good file, broken in a way that the seed decides. */
export function breakFile(bytes: Buffer, seed: number): Buffer {
  const random = seededRandom(seed);
  const damage = DAMAGES[seed % DAMAGES.length] ?? ((same: Buffer) => same);
  return damage(bytes, random);
}
