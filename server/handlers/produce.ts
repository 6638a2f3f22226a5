import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function produce(
  data: RequestData<'produce'>,
  { broadcaster }: HandlerContext,
): Promise<RequestResult<'produce'>> {
  return await broadcaster.produce(data);
}
