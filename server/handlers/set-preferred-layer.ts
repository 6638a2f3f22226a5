import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function setPreferredLayer(
  { layer }: RequestData<'setPreferredLayer'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'setPreferredLayer'>> {
  viewer.setPreferredLayer(layer);
  return {};
}
