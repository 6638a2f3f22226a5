import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function join(
  data: RequestData<'join'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'join'>> {
  return await viewer.join(data);
}
