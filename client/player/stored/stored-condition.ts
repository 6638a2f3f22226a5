import type { Asset } from '../../../signaling/contract/index.ts';
import type { FeedProblem } from './asset-feed.ts';
import type { Condition } from '../live/condition.ts';

export type StoredFacts = {
  asset: Pick<Asset, 'state' | 'watchable'> | null;
  /** Why nothing (more) is heard of the Asset. */
  problem: FeedProblem | null;
  paused: boolean;
  autoplayBlocked: boolean;
  /** The browser said that it cannot play what is there. */
  broken: boolean;
  /** Something of it was shown or heard since play(). */
  presented: boolean;
  /** It should go on and cannot, for want of media, and has for a while. */
  waiting: boolean;
  /** What was asked of the server did not come. */
  lost: boolean;
  ended: boolean;
};

/** Why something stored is shown, or why it is not. */
export function storedCondition(facts: StoredFacts): Condition {
  return unavailable(facts) ?? playing(facts);
}

function unavailable({ asset, problem, broken }: StoredFacts): Condition | null {
  if (problem === 'denied') return 'denied';
  if (problem === 'gone') return 'deleted';
  if (problem === 'notFound') return 'assetNotFound';
  if (asset === null) return problem === null ? 'loading' : 'serverUnreachable';
  if (asset.state === 'refused') return 'assetRefused';
  if (broken) return 'cannotPlay';
  if (asset.watchable) return null;
  if (problem !== null) return 'serverUnreachable';
  return asset.state === 'uploading' ? 'uploading' : 'preparing';
}

function playing(facts: StoredFacts): Condition {
  if (facts.autoplayBlocked) return 'autoplayBlocked';
  if (facts.lost && facts.waiting) return 'reconnecting';
  if (facts.ended) return 'ended';
  if (facts.paused) return facts.presented ? 'paused' : 'ready';
  if (!facts.presented) return facts.lost ? 'reconnecting' : 'loading';
  return facts.waiting ? 'buffering' : 'playing';
}

const STEPS: readonly [RegExp, string][] = [
  [/^upload/, 'Receiving the file'],
  [/^first-rung/, 'Making the first picture'],
  [/^renditions/, 'Making better pictures'],
  [/^tracks/, 'Making the sound'],
  [/^poster|^cover/, 'Choosing a still picture'],
  [/^captions/, 'Reading captions and chapters'],
  [/^image/, 'Making sizes for every screen'],
];

/** What is being done, such as `Making the first picture, 40 %`; empty where nothing is. */
export function progressWords({ state, progress }: Pick<Asset, 'state' | 'progress'>): string {
  if (state === 'ready' || state === 'refused') return '';
  const step = STEPS.find(([pattern]) => pattern.test(progress?.step ?? ''))?.[1];
  const what = step ?? (state === 'uploading' ? 'Receiving the file' : 'Preparing');
  return progress === undefined ? what : `${what}, ${Math.floor(progress.fraction * 100)} %`;
}
