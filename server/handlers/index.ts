import type { Handlers } from '../../signaling/server/dispatch.ts';
import type { HandlerContext } from './context.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { readClock } from './read-clock.ts';
import { restartIce } from './restart-ice.ts';
import { resume } from './resume.ts';
import { setPreferredLayer } from './set-preferred-layer.ts';
import { zap } from './zap.ts';

/** A method of the contract that is missing here does not compile. */
export const handlers: Handlers<HandlerContext> = {
  join,
  leave,
  readClock,
  restartIce,
  resume,
  setPreferredLayer,
  zap,
};
