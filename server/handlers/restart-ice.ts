import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

/** For whichever transport the socket has: a page either broadcasts or watches. */
export async function restartIce(
  _data: RequestData<'restartIce'>,
  { watching, broadcaster, iceServers }: HandlerContext,
): Promise<RequestResult<'restartIce'>> {
  const { iceParameters } = broadcaster.live
    ? { iceParameters: await broadcaster.restartIce() }
    : await watching.present.restartIce();
  return { iceParameters, iceServers: iceServers() };
}
