/** What one direction of a link does to packets. Everything absent: nothing is done. */
export type LinkShape = {
  /** Bits a second that pass, counted over UDP payloads. */
  rate?: number | undefined;
  /** Bytes that may pass at once after a silence: the token bucket's depth. Default 3000. */
  burst?: number | undefined;
  /** How much waits for its turn before packets are dropped at the tail. Default 200 ms. */
  queue?: { ms: number } | { bytes: number } | undefined;
  /** One-way delay, milliseconds. */
  delay?: number | undefined;
  /** Up to this much more, milliseconds, evenly spread. By itself it changes no order. */
  jitter?: number | undefined;
  /** Share of packets lost, 0 to 1. */
  loss?: number | undefined;
  /** Share of packets that are held back and overtaken, 0 to 1. */
  reorder?: number | undefined;
  /** How long those are held back, milliseconds. Default 20. */
  reorderDelay?: number | undefined;
};

export const DEFAULT_BURST_BYTES = 3000;
export const DEFAULT_QUEUE_MS = 200;
export const DEFAULT_REORDER_DELAY_MS = 20;

/** Bytes that may wait in front of a bottleneck of this rate. */
export function queueLimitBytes({ rate, queue }: LinkShape): number {
  if (queue !== undefined && 'bytes' in queue) return queue.bytes;
  if (rate === undefined) return Number.POSITIVE_INFINITY;
  return ((queue?.ms ?? DEFAULT_QUEUE_MS) / 1000) * (rate / 8);
}

const UNITS = new Map([
  ['', 1],
  ['k', 1_000],
  ['m', 1_000_000],
  ['g', 1_000_000_000],
]);

/** `500k`, `2.5M`, `64000`: a number with a decimal prefix. @throws {Error} */
function parseQuantity(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text);
  const unit = UNITS.get((match?.[2] ?? '').toLowerCase());
  if (match?.[1] === undefined || unit === undefined) throw new Error(`${text} is no number.`);
  return Number(match[1]) * unit;
}

/** `1%` or `0.01`. @throws {Error} */
function parseShare(text: string): number {
  const share = text.endsWith('%') ? parseQuantity(text.slice(0, -1)) / 100 : parseQuantity(text);
  if (share > 1) throw new Error(`${text} is more than everything.`);
  return share;
}

/** `200ms`, or bytes: `64k`. @throws {Error} */
function parseQueue(text: string): { ms: number } | { bytes: number } {
  return text.endsWith('ms')
    ? { ms: parseQuantity(text.slice(0, -2)) }
    : { bytes: parseQuantity(text) };
}

const PARSERS = {
  rate: parseQuantity,
  burst: parseQuantity,
  queue: parseQueue,
  delay: parseQuantity,
  jitter: parseQuantity,
  loss: parseShare,
  reorder: parseShare,
  'reorder-delay': parseQuantity,
} as const;

/** The words in which people say a shape, on the command line and on stdin. */
export const SHAPE_WORDS = Object.keys(PARSERS);

/**
 * A shape from its words, such as `{rate: '500k', loss: '1%'}`; `off` takes a limit away.
 * @throws {Error} that names what cannot be read.
 */
export function parseShape(words: Readonly<Record<string, string>>): LinkShape {
  const shape: Record<string, unknown> = {};
  for (const [word, text] of Object.entries(words)) {
    const parse = Object.entries(PARSERS).find(([known]) => known === word)?.[1];
    if (parse === undefined) throw new Error(`${word} is none of ${SHAPE_WORDS.join(', ')}.`);
    shape[word === 'reorder-delay' ? 'reorderDelay' : word] =
      text === 'off' ? undefined : parse(text);
  }
  return shape;
}
