import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function resume(
  _data: RequestData<'resume'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'resume'>> {
  await viewer.resume();
  return {};
}
