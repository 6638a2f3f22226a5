export { retryDelayMs } from './backoff.ts';
export type { RequestOptions } from './pending-requests.ts';
export { localTimeMs, ServerClock } from './server-clock.ts';
export {
  SignalingClient,
  type SignalingEvents,
  type SignalingOptions,
  type SignalingState,
} from './signaling-client.ts';
export { TypedEvents } from './typed-events.ts';
