import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function resume(
  _data: RequestData<'resume'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'resume'>> {
  await watching.present.resume();
  return {};
}
