import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';
import { withIceServers } from './with-ice-servers.ts';

export async function join(
  data: RequestData<'join'>,
  { watching, iceServers }: HandlerContext,
): Promise<RequestResult<'join'>> {
  return withIceServers(await watching.join(data), iceServers);
}
