import type { Viewer } from '../channels/viewer.ts';

/** What a handler gets besides the message: who sent it. */
export interface HandlerContext {
  viewer: Viewer;
}
