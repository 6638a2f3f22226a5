import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function renewGrant(
  { token }: RequestData<'renewGrant'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'renewGrant'>> {
  await watching.renewGrant(token);
  return {};
}
