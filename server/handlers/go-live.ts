import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';
import { withIceServers } from './with-ice-servers.ts';

export async function goLive(
  data: RequestData<'goLive'>,
  { broadcaster, iceServers }: HandlerContext,
): Promise<RequestResult<'goLive'>> {
  return withIceServers(await broadcaster.goLive(data), iceServers);
}
