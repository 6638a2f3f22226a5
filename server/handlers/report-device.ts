import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import type { HandlerContext } from './context.ts';

export async function reportDevice(
  report: RequestData<'reportDevice'>,
  { watching }: HandlerContext,
): Promise<RequestResult<'reportDevice'>> {
  watching.present.reportDevice(report);
  return {};
}
