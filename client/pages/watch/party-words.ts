import type { Party } from '../../../signaling/contract/index.ts';
import type { PartyStatus } from '../../player/party/party-follower.ts';

export type PartyFacts = {
  status: PartyStatus;
  party: Party | null;
  maySteer: boolean;
  isHost: boolean;
  /** Why it is over. */
  farewell: string;
};

/** Who is there and who steers, such as `3 are watching together. The host steers.` */
export function partyWords(facts: PartyFacts): string {
  const { status, party, farewell } = facts;
  if (status === 'over') return farewell;
  if (party === null) return 'Joining the party …';
  if (status === 'joining') return 'The connection is lost. Joining again …';
  return `${watchersWords(party.watchers)} ${steeringWords(facts)}`;
}

function watchersWords(watchers: number): string {
  return watchers < 2 ? 'Nobody else is here yet.' : `${watchers} are watching together.`;
}

function steeringWords({ party, isHost, maySteer }: PartyFacts): string {
  if (party?.steering === 'everyone') return 'Everyone may play, pause and seek.';
  if (isHost) return 'You play, pause and seek for all.';
  return maySteer ? 'You may play, pause and seek.' : 'The host plays, pauses and seeks.';
}
