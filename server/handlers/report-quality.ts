import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function reportQuality(
  report: RequestData<'reportQuality'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'reportQuality'>> {
  viewer.reportQuality(report);
  return {};
}
