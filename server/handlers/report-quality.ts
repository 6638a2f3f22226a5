import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function reportQuality(
  report: RequestData<'reportQuality'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'reportQuality'>> {
  watching.present.reportQuality(report);
  return {};
}
