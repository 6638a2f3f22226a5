import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function endBroadcast(
  _data: RequestData<'endBroadcast'>,
  { broadcaster }: HandlerContext,
): Promise<RequestResult<'endBroadcast'>> {
  broadcaster.endBroadcast();
  return {};
}
