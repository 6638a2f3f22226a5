import type { Contents, Fault } from './contents.ts';
import { describePart, type Part } from './part.ts';
import type { NextTurn } from './whats-on.ts';

/** `waiting`: nothing is to be played now, or nothing can be. */
export interface PlaylistStatus {
  state: 'playing' | 'broadcaster' | 'waiting';
  /** For people, while it waits. */
  reason?: string;
  /** Nothing of it can be played. It may name what not everybody may see. */
  fault?: Fault;
  now?: ReturnType<typeof describePart>;
  next?: { assetId: string; at: string };
}

export interface Standing {
  /** A broadcaster has the Channel. */
  isTaken: boolean;
  playing: Part | undefined;
  next: NextTurn | undefined;
  contents: Contents;
  fault: Fault | undefined;
}

export function statusOf(standing: Standing, nowMs: number): PlaylistStatus {
  const { isTaken, playing } = standing;
  const next = nextOf(standing);
  if (isTaken) return { state: 'broadcaster', ...next };
  if (playing === undefined) return { state: 'waiting', ...reasonOf(standing), ...next };
  return { state: 'playing', now: describePart(playing, nowMs), ...next };
}

/** Nothing while one goes round and round. */
function nextOf({ next }: Standing): Pick<PlaylistStatus, 'next'> {
  if (next === undefined || !Number.isFinite(next.startMs)) return {};
  const { assetId, startMs } = next;
  return { next: { assetId, at: new Date(startMs).toISOString() } };
}

function reasonOf({
  next,
  fault,
  contents: { assetIds, found },
}: Standing): Pick<PlaylistStatus, 'reason' | 'fault'> {
  if (next !== undefined) return { reason: 'It goes on as the schedule says.' };
  if (fault !== undefined) return { reason: 'Nothing of it can be played.', fault };
  if (assetIds.length === 0 && found.size === 0) return { reason: 'It is empty.' };
  return { reason: 'It has come to its end.' };
}
