import { Playout, type PlayoutOptions } from '../playout.ts';
import type { OnBehalfOf, OpenAsset, PlayableAssets } from './playable-assets.ts';
import type { NextTurn, Turn } from './whats-on.ts';

/** One item's turn with all that it needs: before, while and after it is on air. */
export interface Part {
  turn: Turn;
  asset: OpenAsset;
  playout: Playout;
  /** How far into it it begins, seconds. */
  offset: number;
  /** Milliseconds since the Unix epoch; the end is where the file says, or never while it goes round. */
  beganMs: number;
  endsMs: number;
  /** It goes round and round, until it is told to finish. */
  repeats: boolean;
  /** Everything of it has been sent, or it has failed. */
  over: boolean;
}

export interface PartOptions extends Omit<PlayoutOptions, 'file' | 'onEnded' | 'onFailed'> {
  assets: PlayableAssets;
  as: OnBehalfOf;
  onEnded: (part: Part) => void;
  onFailed: (part: Part, error: Error) => void;
}

/** Everything is there that can be before it begins. @throws what the library and the Playout throw */
export async function openPart(next: NextTurn, options: PartOptions): Promise<Part> {
  const { startMs: _startMs, offset, ...turn } = next;
  const { assets, as, onEnded, onFailed, ...playoutOptions } = options;
  const asset = await assets.open(turn.assetId, as);
  try {
    const playout = await Playout.open({
      ...playoutOptions,
      ...{ file: asset.file, beginAt: offset },
      onEnded: () => onEnded(part),
      onFailed: (error) => onFailed(part, error),
    });
    const repeats = options.once !== true;
    const times = { offset, beganMs: 0, endsMs: 0 };
    const part: Part = { turn, asset, playout, repeats, ...times, over: false };
    return part;
  } catch (error) {
    asset.release();
    throw error;
  }
}

export function beginsNow(part: Part): void {
  part.beganMs = Date.now();
  const lastsMs = (part.asset.duration - part.offset) * 1_000;
  part.endsMs = part.repeats ? Number.POSITIVE_INFINITY : part.beganMs + lastsMs;
}

/** The round that is on air is the last one. */
export function finishRound(part: Part): void {
  part.repeats = false;
  part.playout.finishRound();
  const roundMs = part.asset.duration * 1_000;
  const rounds = Math.floor((Date.now() - part.beganMs) / roundMs) + 1;
  part.endsMs = part.beganMs + rounds * roundMs;
}

/** Off air, if it was on, and its files are let go. Idempotent. */
export function closePart({ playout, asset }: Part): void {
  playout.close();
  asset.release();
}

/** Where it is. */
export function describePart(part: Part, nowMs: number) {
  const { turn, asset, repeats, offset, beganMs, endsMs } = part;
  const position = offset + Math.max(0, nowMs - beganMs) / 1_000;
  return {
    assetId: turn.assetId,
    position: repeats ? position % asset.duration : position,
    beganAt: new Date(beganMs).toISOString(),
    ...(!repeats && { endsAt: new Date(endsMs).toISOString() }),
  };
}
