import type { Broadcaster } from '../channels/broadcaster.ts';
import type { WireIceServer } from '../../signaling/contract/index.ts';
import type { Watching } from './watching.ts';
import type { PartyMember } from '../playback/party-member.ts';

/** What a handler gets besides the message: who sent it, as what it may be. */
export interface HandlerContext {
  watching: Watching;
  broadcaster: Broadcaster;
  member: PartyMember;
  /** For one more connection of it: the credentials are new each time. */
  iceServers(): WireIceServer[];
}
