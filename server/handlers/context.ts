import type { Broadcaster } from '../channels/broadcaster.ts';
import type { Viewer } from '../channels/viewer.ts';

/** What a handler gets besides the message: who sent it, as what it may be. */
export interface HandlerContext {
  viewer: Viewer;
  broadcaster: Broadcaster;
}
