import type { Handlers } from '../../signaling/server/dispatch.ts';
import { closeProducer } from './close-producer.ts';
import type { HandlerContext } from './context.ts';
import { endBroadcast } from './end-broadcast.ts';
import { goLive } from './go-live.ts';
import { join } from './join.ts';
import { joinParty } from './join-party.ts';
import { leave } from './leave.ts';
import { leaveParty } from './leave-party.ts';
import { openSession } from './open-session.ts';
import { produce } from './produce.ts';
import { readClock } from './read-clock.ts';
import { renewGrant } from './renew-grant.ts';
import { reportCongestion } from './report-congestion.ts';
import { reportDevice } from './report-device.ts';
import { reportQuality } from './report-quality.ts';
import { restartIce } from './restart-ice.ts';
import { resume } from './resume.ts';
import { setPreferredLayer } from './set-preferred-layer.ts';
import { steerParty } from './steer-party.ts';
import { steerSession } from './steer-session.ts';
import { zap } from './zap.ts';

/** A method of the contract that is missing here does not compile. */
export const handlers: Handlers<HandlerContext> = {
  closeProducer,
  endBroadcast,
  goLive,
  join,
  joinParty,
  leave,
  leaveParty,
  openSession,
  produce,
  readClock,
  renewGrant,
  reportCongestion,
  reportDevice,
  reportQuality,
  restartIce,
  resume,
  setPreferredLayer,
  steerParty,
  steerSession,
  zap,
};
