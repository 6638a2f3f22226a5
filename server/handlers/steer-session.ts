import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function steerSession(
  steering: RequestData<'steerSession'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'steerSession'>> {
  return await watching.session.steer(steering);
}
