import type { Logger } from 'pino';
import { type BroadcastHealth, SfumatoError } from '../../signaling/contract/index.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Channel } from './channel.ts';
import type { Channels } from './channels.ts';
import type { Ladders } from './ladders.ts';
import {
  type EndReason,
  type OnAirEffect,
  type OnAirEvent,
  type OnAirState,
  onAirStep,
} from './on-air-state.ts';
import { HeldRights } from './held-rights.ts';
import { Publisher, type PublisherOptions, type PublisherReport } from './publisher.ts';
import type { Holder, PublishingRights, PublishingService } from './rights.ts';

export interface PublishingRequest
  extends Pick<
    PublisherOptions,
    'kind' | 'remoteAddress' | 'clockOffsetMs' | 'events' | 'onClosed'
  > {
  channelId: string;
  /** Or else the right of a holder. */
  streamKey?: string | undefined;
  holder?: Holder;
  /** Of whoever asks, where that is known better than from where the connection comes. */
  address?: string | undefined;
}

/** What is known of one Channel's Publishers. */
interface Place {
  channel: Channel;
  state: OnAirState<Publisher>;
  graceTimer: NodeJS.Timeout | undefined;
  /** All that have a connection: the one on air, and those that are not ready yet. */
  publishers: Set<Publisher>;
}

/** How often it is asked whether a holder's right is still there, milliseconds: it may be lost on another node. */
const REVIEW_MS = 1_000;

/** Who is on air on which Channel. Decisions are made by `onAirStep`; this carries them out. */
export class Publishing {
  readonly #sfu: Sfu;
  readonly #channels: Channels;
  readonly #rights: PublishingRights;
  readonly #ladders: Ladders | undefined;
  readonly #ownService: PublishingService | undefined;
  readonly #log: Logger;
  readonly #places = new Map<string, Place>();
  readonly #unlisten: () => void;
  readonly #held: HeldRights;
  #closed = false;

  constructor(options: {
    sfu: Sfu;
    channels: Channels;
    rights: PublishingRights;
    ladders?: Ladders;
    ownService?: PublishingService;
    log: Logger;
  }) {
    this.#sfu = options.sfu;
    this.#ladders = options.ladders;
    this.#ownService = options.ownService;
    this.#channels = options.channels;
    this.#rights = options.rights;
    this.#log = options.log;
    this.#held = new HeldRights({
      withdraw: (publisher) => this.#withdraw(publisher),
      reviewMs: REVIEW_MS,
      log: options.log,
    });
    this.#unlisten = options.rights.onRevoked((id, reason) => this.#revoke(id, reason));
  }

  /** @throws SfumatoError `unauthorized`, `forbidden`, `notFound` */
  async checkKey(channelId: string, streamKey: string): Promise<void> {
    await this.#rights.checkStreamKey(channelId, streamKey);
  }

  /**
   * A Publisher that is not on air yet: it will be when its media can flow, and then replaces another.
   *
   * @throws SfumatoError `unauthorized`, `forbidden`, `notFound`, `unavailable`
   */
  async open({
    channelId,
    streamKey,
    holder,
    address,
    ...request
  }: PublishingRequest): Promise<Publisher> {
    const account = await this.#demandRight(channelId, streamKey, holder);
    const channel = this.#channels.get(channelId);
    await this.#ownService?.demandPublishing({
      id: channelId,
      account,
      address: address ?? request.remoteAddress,
    });
    const publisher = await Publisher.open({
      ...request,
      channel,
      report: (who, what) => this.#onReport(who, what),
      sfu: this.#sfu,
      ladders: this.#ladders,
      log: this.#log,
    });
    if (this.#closed) {
      publisher.close();
      throw new SfumatoError('unavailable', 'The server is being stopped.');
    }
    this.#placeOf(channel).publishers.add(publisher);
    if (streamKey === undefined && holder !== undefined) this.#held.add(publisher, holder);
    return publisher;
  }

  /** Somebody has other rights than before: whoever sends by such a right is looked at now. */
  async reviewRights(): Promise<void> {
    await this.#held.review();
  }

  /** What arrives of whoever is on air there now. */
  healthOf(channelId: string): BroadcastHealth | undefined {
    const state = this.#places.get(channelId)?.state;
    return state === undefined || state.name === 'offAir' ? undefined : state.who.health;
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#unlisten();
    this.#held.close();
    for (const { publishers, graceTimer } of this.#places.values()) {
      clearTimeout(graceTimer);
      for (const publisher of publishers) publisher.close();
    }
    this.#places.clear();
  }

  async #demandRight(
    channelId: string,
    streamKey: string | undefined,
    holder: Holder | undefined,
  ): Promise<string | undefined> {
    if (streamKey !== undefined) {
      await this.checkKey(channelId, streamKey);
      return undefined;
    }
    if (holder === undefined) throw new SfumatoError('unauthorized', 'There is no stream key.');
    const name = await holder.demandRight();
    this.#channels.get(channelId);
    await this.#rights.demandStreamKey(channelId);
    return name;
  }

  /** Whoever else is on air there stays so. */
  #withdraw(publisher: Publisher): void {
    const place = this.#placeOf(publisher.channel);
    place.publishers.delete(publisher);
    publisher.end('rightLost');
    this.#take(place, { type: 'finished', who: publisher });
  }

  #placeOf(channel: Channel): Place {
    const known = this.#places.get(channel.id);
    if (known !== undefined && known.channel === channel) return known;
    const place: Place = {
      channel,
      state: { name: 'offAir' },
      graceTimer: undefined,
      publishers: new Set(),
    };
    this.#places.set(channel.id, place);
    return place;
  }

  #onReport(who: Publisher, what: PublisherReport): void {
    const place = this.#placeOf(who.channel);
    if (who.closed) place.publishers.delete(who);
    this.#take(place, { type: what, who });
    this.#log.info({ channel: who.channel.id, publisher: who.kind }, REPORT_TEXT[what]);
  }

  #revoke(channelId: string, reason: EndReason): void {
    const place = this.#places.get(channelId);
    if (place === undefined) return;
    this.#take(place, { type: 'revoked', reason });
    for (const publisher of place.publishers) publisher.end(reason);
    place.publishers.clear();
    if (reason === 'channelDeleted') this.#places.delete(channelId);
  }

  #take(place: Place, event: OnAirEvent<Publisher>): void {
    const { state, effects } = onAirStep(place.state, event);
    place.state = state;
    for (const effect of effects) this.#carryOut(place, effect);
  }

  #carryOut(place: Place, effect: OnAirEffect<Publisher>): void {
    const { channel } = place;
    switch (effect.type) {
      case 'putOnAir':
        channel.goOnAir({
          kind: effect.who.kind,
          broadcast: effect.who.broadcast,
          layers: effect.who.layers,
          ...effect.who.timing,
        });
        return;
      case 'takeOffAir':
        channel.goOffAir(effect.who.broadcast);
        return;
      case 'setReconnecting':
        channel.setReconnecting(effect.who.broadcast, effect.reconnecting);
        return;
      case 'endPublisher':
        place.publishers.delete(effect.who);
        if (effect.reason === 'graceOver') effect.who.giveUp();
        else effect.who.end(effect.reason);
        return;
      case 'stopGrace':
        clearTimeout(place.graceTimer);
        return;
      case 'startGrace':
        place.graceTimer = setTimeout(
          () => this.#take(place, { type: 'graceOver' }),
          channel.graceSeconds * 1_000,
        );
    }
  }
}

const REPORT_TEXT: Record<PublisherReport, string> = {
  ready: 'on air',
  cutOff: 'nothing arrives from the broadcaster',
  back: 'the broadcaster comes through again',
  lost: 'the broadcaster was lost',
  finished: 'off air',
};
