import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function reportDevice(
  report: RequestData<'reportDevice'>,
  { viewer }: HandlerContext,
): Promise<RequestResult<'reportDevice'>> {
  viewer.reportDevice(report);
  return {};
}
