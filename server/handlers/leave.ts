import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function leave(
  _data: RequestData<'leave'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'leave'>> {
  watching.leave();
  return {};
}
