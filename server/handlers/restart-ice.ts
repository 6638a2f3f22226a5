import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function restartIce(
  _data: RequestData<'restartIce'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'restartIce'>> {
  return await viewer.restartIce();
}
