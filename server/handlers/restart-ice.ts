import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

/** For whichever transport the socket has: a page either broadcasts or watches. */
export async function restartIce(
  _data: RequestData<'restartIce'>,
  { viewer, broadcaster }: HandlerContext,
): Promise<RequestResult<'restartIce'>> {
  if (!broadcaster.live) return await viewer.restartIce();
  return { iceParameters: await broadcaster.restartIce() };
}
