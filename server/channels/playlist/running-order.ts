import { createHash } from 'node:crypto';

/** How a list is gone through. */
export interface Manner {
  loop: boolean;
  order: 'listed' | 'shuffled';
  /** Of the shuffling: the same seed, the same order. */
  seed: string;
}

/** Where in the list something stands. */
export interface Place {
  /** Which Asset, and how often it was named before it in the list. */
  key: string;
  /** Counted from 0. */
  round: number;
  /** In the order of its round. */
  index: number;
  /** In this round the first one is the last, for it was the last of the round before. */
  turned: boolean;
}

export interface Slot extends Place {
  assetId: string;
}

/**
 * What comes after a place: the next one of this round, or the first of the next round. Where what stood there is
 * no longer in the list, it goes on with what stands there now.
 *
 * @param after nothing at the beginning
 * @param skip those that cannot be had now
 */
export function following(
  assetIds: readonly string[],
  manner: Manner,
  after: Place | undefined,
  skip: (assetId: string) => boolean = () => false,
): Slot | undefined {
  const round = after?.round ?? 0;
  const here = orderOf(assetIds, manner, round, after?.turned ?? false);
  const found = here.findIndex(({ key }) => key === after?.key);
  const rest = here.slice(found === -1 ? (after?.index ?? 0) : found + 1);
  const before = here[found]?.assetId;
  const next = manner.loop ? nextRound(assetIds, manner, round + 1, before) : [];
  return [...rest, ...next].find(({ assetId }) => !skip(assetId));
}

function nextRound(
  assetIds: readonly string[],
  manner: Manner,
  round: number,
  before: string | undefined,
): Slot[] {
  const [first] = orderOf(assetIds, manner, round, false);
  const turned = manner.order === 'shuffled' && assetIds.length > 1 && first?.assetId === before;
  return orderOf(assetIds, manner, round, turned);
}

/** Shuffled by a hash of each one: what is put in or taken out leaves the others in their order. */
function orderOf(
  assetIds: readonly string[],
  { order, seed }: Manner,
  round: number,
  turned: boolean,
): Slot[] {
  const keyed = withKeys(assetIds);
  if (order === 'shuffled') {
    const ranks = new Map(keyed.map(({ key }) => [key, hash(`${seed} ${round} ${key}`)]));
    keyed.sort((a, b) => ((ranks.get(a.key) ?? '') < (ranks.get(b.key) ?? '') ? -1 : 1));
  }
  if (turned) keyed.push(...keyed.splice(0, 1));
  return keyed.map((one, index) => ({ ...one, round, index, turned }));
}

function withKeys(assetIds: readonly string[]): Pick<Slot, 'assetId' | 'key'>[] {
  const times = new Map<string, number>();
  return assetIds.map((assetId) => {
    const time = times.get(assetId) ?? 0;
    times.set(assetId, time + 1);
    return { assetId, key: `${assetId} ${time}` };
  });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
