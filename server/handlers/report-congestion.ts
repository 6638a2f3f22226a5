import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function reportCongestion(
  { lateMs }: RequestData<'reportCongestion'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'reportCongestion'>> {
  viewer.reportCongestion(lateMs);
  return {};
}
