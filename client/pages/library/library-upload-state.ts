import { sizeWords } from '../words.ts';

/** Where the upload of one file is. `attempt`: tries in a row that sent nothing. */
export type UploadState =
  | { readonly name: 'queued' | 'paused' | 'sent' | 'cancelled' }
  | { readonly name: 'sending'; readonly attempt: number }
  /** The connection was lost; the next try is at `until` (milliseconds), or when the network is back. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly until: number }
  | { readonly name: 'failed'; readonly reason: string };

export type UploadEvent =
  | { readonly name: 'begin' | 'moved' | 'pause' | 'resume' | 'finish' | 'cancel' }
  | { readonly name: 'lost'; readonly now: number }
  | { readonly name: 'refuse'; readonly reason: string };

const ENDED = new Set(['sent', 'cancelled']);
const LONGEST_WAIT_MS = 30_000;

/** Milliseconds before another try; there is no last one. */
export function waitMs(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt);
}

const NEXT: {
  [Name in Exclude<UploadEvent['name'], 'lost' | 'refuse'>]: (state: UploadState) => UploadState;
} = {
  begin: begun,
  moved: (state) =>
    state.name === 'sending' && state.attempt > 0 ? { name: 'sending', attempt: 0 } : state,
  pause: (state) => (state.name === 'failed' ? state : { name: 'paused' }),
  resume: (state) =>
    state.name === 'paused' || state.name === 'failed' ? { name: 'queued' } : state,
  finish: () => ({ name: 'sent' }),
  cancel: () => ({ name: 'cancelled' }),
};

/** What does not fit the state changes nothing: a late event of the network does not undo what a person chose. */
export function nextState(state: UploadState, event: UploadEvent): UploadState {
  if (ENDED.has(state.name)) return state;
  if (event.name === 'lost') {
    return state.name === 'sending' ? lost(state.attempt, event.now) : state;
  }
  if (event.name === 'refuse') {
    return state.name === 'paused' ? state : { name: 'failed', reason: event.reason };
  }
  return NEXT[event.name](state);
}

function begun(state: UploadState): UploadState {
  if (state.name === 'queued') return { name: 'sending', attempt: 0 };
  return state.name === 'waiting' ? { name: 'sending', attempt: state.attempt } : state;
}

function lost(attempt: number, now: number): UploadState {
  return { name: 'waiting', attempt: attempt + 1, until: now + waitMs(attempt) };
}

/** Those that begin now, first come, first served. Who waits for the network keeps its place. */
export function toBegin<T extends { state: UploadState }>(
  uploads: readonly T[],
  most: number,
): T[] {
  const busy = uploads.filter(({ state }) => state.name === 'sending' || state.name === 'waiting');
  const queued = uploads.filter(({ state }) => state.name === 'queued');
  return queued.slice(0, Math.max(0, most - busy.length));
}

/** Would closing the page stop it? */
export function isUnderWay({ name }: UploadState): boolean {
  return name === 'queued' || name === 'sending' || name === 'waiting';
}

export type UploadLimits = {
  maxBytes: number;
  quotaBytes: number | null;
  usedBytes: number;
  maxAssets: number | null;
  assets: number;
};

/** Why a file need not be sent at all. @param ahead what others of this visit will take. @returns null where it may */
export function whyNot(
  bytes: number,
  limits: UploadLimits,
  ahead: { bytes: number; files: number },
): string | null {
  const { maxBytes, quotaBytes, usedBytes, maxAssets, assets } = limits;
  if (bytes === 0) return 'The file is empty.';
  if (bytes > maxBytes) {
    return `It has ${sizeWords(bytes)}; the server takes files of up to ${sizeWords(maxBytes)}.`;
  }
  if (maxAssets !== null && assets + ahead.files >= maxAssets) {
    return `The library is full: it may hold ${maxAssets} files.`;
  }
  const left = quotaBytes === null ? Infinity : quotaBytes - usedBytes - ahead.bytes;
  if (bytes <= left) return null;
  return `It has ${sizeWords(bytes)}; there is room for ${sizeWords(Math.max(0, left))} more.`;
}

/** Of all that were not cancelled. */
export function overall(uploads: readonly { state: UploadState; size: number; sent: number }[]) {
  const counted = uploads.filter(
    ({ state }) => state.name !== 'cancelled' && state.name !== 'failed',
  );
  const sum = (of: (one: (typeof counted)[number]) => number) =>
    counted.reduce((total, one) => total + of(one), 0);
  return {
    files: counted.length,
    done: counted.filter(({ state }) => state.name === 'sent').length,
    bytes: sum(({ size }) => size),
    sent: sum(({ sent }) => sent),
  };
}
