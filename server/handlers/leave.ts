import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function leave(
  _data: RequestData<'leave'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'leave'>> {
  viewer.leave();
  return {};
}
