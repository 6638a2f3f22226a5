import type { MediaSection } from './session.ts';

/**
 * The RTP streams of a simulcast offer, lowest Layer first. Pages list them as they like, and encoders
 * highest first. So the order is taken from the restrictions of `a=rid` (RFC 8851) where they differ, then
 * from the usual names; where neither tells, the first is the one that the sender prefers (RFC 8853 section
 * 5.2), which is taken to be the best.
 */
export function lowestFirst(section: MediaSection, rids: string[]): string[] {
  return (
    sortBy(rids, (rid) => restriction(section, rid)) ??
    sortBy(rids, rankOfName) ??
    rids.toReversed()
  );
}

/** `a=simulcast:send`: `;` between streams, `,` between alternatives for one, `~` where it is paused. */
export function listedRids({ simulcast, rids }: MediaSection): string[] {
  const list =
    simulcast?.dir1 === 'send'
      ? simulcast.list1
      : simulcast?.dir2 === 'send'
        ? simulcast.list2
        : undefined;
  if (list === undefined || list === null) return [];
  const declared = new Set(
    rids.filter(({ direction }) => direction === 'send').map(({ id }) => id),
  );
  const firsts = list.split(';').map((stream) => stream.split(',')[0]?.replace(/^~/, '') ?? '');
  return [...new Set(firsts)].filter((rid) => declared.has(rid));
}

function restriction({ rids }: MediaSection, rid: string): number | undefined {
  const params = rids.find(({ id }) => id === rid)?.params ?? '';
  for (const name of ['max-width', 'max-height', 'max-fs', 'max-pps', 'max-br']) {
    const value = params.match(new RegExp(`(?:^|[; ])${name}=(\\d+)`))?.[1];
    if (value !== undefined) return Number(value);
  }
  return undefined;
}

/** Sets of names that are in use, lowest first. */
const NAMES = [
  ['q', 'h', 'f'],
  ['l', 'm', 'h'],
  ['s', 'm', 'l'],
  ['lo', 'mid', 'hi'],
  ['low', 'mid', 'high'],
  ['low', 'medium', 'high'],
  ['small', 'medium', 'large'],
  ['quarter', 'half', 'full'],
  // mediasoup-client numbers the encodings of a page, which libwebrtc wants lowest first.
  ['r0', 'r1', 'r2', 'r3'],
  // OBS: 0 is the main encoder, the others are scaled down from it.
  ['3', '2', '1', '0'],
];

/** `h` is high among `l` and `m`, and half among `q` and `f`, so that the whole set decides. */
function rankOfName(rid: string, _index: number, all: readonly string[]): number | undefined {
  const names = NAMES.find((set) => all.every((one) => set.includes(one.toLowerCase())));
  return names?.indexOf(rid.toLowerCase());
}

/** Lowest first; nothing where a value is missing or two are the same. */
function sortBy(
  rids: string[],
  read: (rid: string, index: number, all: readonly string[]) => number | undefined,
): string[] | undefined {
  const values = rids.map((rid, index) => read(rid, index, rids));
  if (values.includes(undefined) || new Set(values).size !== values.length) return undefined;
  return rids.toSorted((a, b) => (values[rids.indexOf(a)] ?? 0) - (values[rids.indexOf(b)] ?? 0));
}
