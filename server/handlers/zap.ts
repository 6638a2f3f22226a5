import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function zap(
  { channelId }: RequestData<'zap'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'zap'>> {
  return await viewer.zap(channelId);
}
