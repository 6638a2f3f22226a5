import {
  type PartyEnd,
  type PartyOrder,
  type PartySteering,
  type PartyTimeline,
  type RequestData,
  type RequestResult,
  SfumatoError,
} from '../../signaling/contract/index.ts';
import type { Parties } from './parties.ts';
import type { Party } from './party.ts';

export interface PartyMemberEvents {
  moved(timeline: PartyTimeline): void;
  changed(change: { watchers: number; steering: PartySteering; maySteer: boolean }): void;
  ended(reason: PartyEnd, message: string): void;
}

export interface PartyMemberOptions {
  parties: Parties;
  /**
   * Rejects with an SfumatoError that has a `refusal` where whoever it is may not watch the Asset; what it resolves with
   * lets go of the right.
   *
   * @param onRefused called where they may not any more
   */
  admit: (
    play: { id: string; token: string | undefined },
    onRefused: (why: SfumatoError) => void,
  ) => Promise<() => void>;
  events: PartyMemberEvents;
}

type Place = { party: Party; isHost: boolean; leave: () => void; letGo: () => void };

const END_WORDS: Record<PartyEnd, string> = {
  ended: 'The host has ended the party.',
  gone: 'What the party watched is not here any more.',
  stopped: 'The party is over.',
};

/** One socket's place at a party, if it has one. */
export class PartyMember {
  readonly #options: PartyMemberOptions;
  #place: Place | null = null;
  /** A later `join` or `leave` makes the one before it void. */
  #asked = 0;
  #isClosed = false;

  constructor(options: PartyMemberOptions) {
    this.#options = options;
  }

  /** Leaves the one that it was at. @throws SfumatoError `notFound`, `overloaded`; `conflict` where it was left, or closed */
  async join(data: RequestData<'joinParty'>): Promise<RequestResult<'joinParty'>> {
    // The socket is gone: nobody would leave.
    if (this.#isClosed) throw new SfumatoError('conflict', 'It was left meanwhile.');
    this.leave();
    const asked = this.#asked;
    const party = this.#options.parties.get(data.partyId);
    const { assetId: id } = party;
    const letGo = await this.#options.admit({ id, token: data.token }, ({ message }) => {
      if (asked === this.#asked) this.#ended('gone', message);
    });
    const isHost = party.isHostKey(data.hostKey);
    try {
      if (asked !== this.#asked) throw new SfumatoError('conflict', 'It was left meanwhile.');
      // It may have ended meanwhile.
      this.#options.parties.get(data.partyId);
      const leave = party.join(this.#listener());
      this.#place = { party, isHost, leave, letGo };
    } catch (error) {
      letGo();
      throw error;
    }
    return { party: party.info(), maySteer: this.#maySteer, isHost };
  }

  leave(): void {
    this.#asked += 1;
    this.#place?.leave();
    this.#place?.letGo();
    this.#place = null;
  }

  /** @throws SfumatoError `notJoined`; `forbidden` for who may not */
  steer(order: PartyOrder): PartyTimeline {
    if (this.#place === null) throw new SfumatoError('notJoined', 'You are at no party.');
    if (this.#maySteer) return this.#place.party.steer(order);
    throw new SfumatoError('forbidden', 'The host steers this party.');
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.leave();
  }

  get #maySteer(): boolean {
    return (
      this.#place !== null && (this.#place.isHost || this.#place.party.steering === 'everyone')
    );
  }

  #listener() {
    const { events } = this.#options;
    return {
      moved: (timeline: PartyTimeline) => events.moved(timeline),
      changed: () => this.#changed(),
      ended: (reason: PartyEnd) => this.#ended(reason),
    };
  }

  #changed(): void {
    if (this.#place === null) return;
    const { watchers, steering } = this.#place.party.info();
    this.#options.events.changed({ watchers, steering, maySteer: this.#maySteer });
  }

  #ended(reason: PartyEnd, message = END_WORDS[reason]): void {
    this.leave();
    this.#options.events.ended(reason, message);
  }
}
