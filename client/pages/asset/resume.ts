import { wasSomebody } from '../known-person.ts';
import { positionsOf } from './position-store.ts';

/** Longer than this nobody waits for the server to say where they were; milliseconds. */
const PATIENCE_MS = 1_000;

/** Where to begin, seconds; null where that was not known in time. */
export type Beginning = { seconds: number | null; asked: Promise<number> };

/** Does the address itself say where to begin? */
export function saysWhere(search: string): boolean {
  const said = new URLSearchParams(search);
  // Who watches together is where the others are.
  return said.has('t') || said.has('start') || said.has('party');
}

/** Where whoever seems to look was; what comes too late is still to be had. */
export async function findBeginning(assetId: string): Promise<Beginning> {
  const asked = ask(assetId);
  const { promise: tooLate, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), PATIENCE_MS);
  const seconds = await Promise.race([asked, tooLate]);
  clearTimeout(timer);
  return { seconds, asked };
}

/** @returns 0 where there is nothing to go on with, or nothing can be learned */
async function ask(assetId: string): Promise<number> {
  const inBrowser = positionsOf({ id: null });
  if (!wasSomebody()) return inBrowser.get(assetId);
  try {
    return await positionsOf({ id: 'somebody' }).get(assetId);
  } catch (error) {
    console.debug('sfumato: where it was left', error);
    return inBrowser.get(assetId);
  }
}
