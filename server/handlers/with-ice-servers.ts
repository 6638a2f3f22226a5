import type { WireIceServer, WireTransport } from '../../signaling/contract/index.ts';

/** The answer, and by which relays the client may come where it cannot come straight. */
export function withIceServers<Answer extends { transport: WireTransport }>(
  answer: Answer,
  iceServers: () => WireIceServer[],
): Answer {
  return { ...answer, transport: { ...answer.transport, iceServers: iceServers() } };
}
