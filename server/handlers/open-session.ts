import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';
import { withIceServers } from './with-ice-servers.ts';

export async function openSession(
  data: RequestData<'openSession'>,
  { watching, iceServers }: HandlerContext,
): Promise<RequestResult<'openSession'>> {
  return withIceServers(await watching.openSession(data), iceServers);
}
