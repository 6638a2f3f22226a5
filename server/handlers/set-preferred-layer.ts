import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function setPreferredLayer(
  { layer }: RequestData<'setPreferredLayer'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'setPreferredLayer'>> {
  watching.present.setPreferredLayer(layer);
  return {};
}
