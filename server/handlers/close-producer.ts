import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function closeProducer(
  { producerId }: RequestData<'closeProducer'>,
  { broadcaster }: HandlerContext,
): Promise<RequestResult<'closeProducer'>> {
  broadcaster.closeProducer(producerId);
  return {};
}
