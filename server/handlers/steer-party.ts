import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function steerParty(
  data: RequestData<'steerParty'>,
  { member }: HandlerContext,
): Promise<RequestResult<'steerParty'>> {
  return { timeline: member.steer(data) };
}
