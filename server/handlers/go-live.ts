import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function goLive(
  data: RequestData<'goLive'>,
  { broadcaster }: HandlerContext,
): Promise<RequestResult<'goLive'>> {
  return await broadcaster.goLive(data);
}
