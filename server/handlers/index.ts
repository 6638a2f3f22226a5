import type { Handlers } from '../../signaling/server/dispatch.ts';
import { closeProducer } from './close-producer.ts';
import type { HandlerContext } from './context.ts';
import { endBroadcast } from './end-broadcast.ts';
import { goLive } from './go-live.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { produce } from './produce.ts';
import { readClock } from './read-clock.ts';
import { reportCongestion } from './report-congestion.ts';
import { reportDevice } from './report-device.ts';
import { reportQuality } from './report-quality.ts';
import { restartIce } from './restart-ice.ts';
import { resume } from './resume.ts';
import { setPreferredLayer } from './set-preferred-layer.ts';
import { zap } from './zap.ts';

/** A method of the contract that is missing here does not compile. */
export const handlers: Handlers<HandlerContext> = {
  closeProducer,
  endBroadcast,
  goLive,
  join,
  leave,
  produce,
  readClock,
  reportCongestion,
  reportDevice,
  reportQuality,
  restartIce,
  resume,
  setPreferredLayer,
  zap,
};
