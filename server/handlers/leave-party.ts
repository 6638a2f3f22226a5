import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function leaveParty(
  _data: RequestData<'leaveParty'>,
  { member }: HandlerContext,
): Promise<RequestResult<'leaveParty'>> {
  member.leave();
  return {};
}
