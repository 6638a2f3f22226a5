import type { RequestResult } from '../../signaling/contract/index.ts';

/** The same clock that the Pump anchors its Sender Reports and capture times to. */
export async function readClock(): Promise<RequestResult<'readClock'>> {
  return { serverTimeMs: performance.timeOrigin + performance.now() };
}
