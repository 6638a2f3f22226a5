import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function zap(
  data: RequestData<'zap'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'zap'>> {
  return await watching.zap(data);
}
