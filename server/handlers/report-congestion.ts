import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function reportCongestion(
  { lateMs }: RequestData<'reportCongestion'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'reportCongestion'>> {
  watching.present.reportCongestion(lateMs);
  return {};
}
