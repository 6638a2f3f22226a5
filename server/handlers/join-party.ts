import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function joinParty(
  data: RequestData<'joinParty'>,
  { member }: HandlerContext,
): Promise<RequestResult<'joinParty'>> {
  return await member.join(data);
}
