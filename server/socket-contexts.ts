import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type WireIceServer, type SfumatoError, toWireError } from '../signaling/contract/index.ts';
import type { Client } from '../signaling/server/signaling-server.ts';
import type { Access } from './access/access.ts';
import type { Admission, Admissions } from './access/admissions.ts';
import { demand } from './access/principal.ts';
import type { PassReader, Visitor } from './access/visitor.ts';
import { Broadcaster } from './channels/broadcaster.ts';
import type { Channels } from './channels/channels.ts';
import type { Publishing } from './channels/publishing.ts';
import { Viewer, type ViewerMetrics } from './channels/viewer.ts';
import type { HandlerContext } from './handlers/context.ts';
import { type Right, type Voice, Watching } from './handlers/watching.ts';
import { readerFor } from './http/library-reader.ts';
import { addressOf, identifySocket, visitSocket } from './http/socket-credentials.ts';
import { Held } from './playback/held.ts';
import type { Parties } from './playback/parties.ts';
import { PartyMember } from './playback/party-member.ts';
import type { SessionEvents } from './playback/session-options.ts';
import type { Sessions } from './playback/sessions.ts';
import type { LayerChange } from './sfu/layer-choice.ts';
import type { Sfu } from './sfu/sfu.ts';

export interface SocketContextsOptions {
  sfu: Sfu;
  channels: Channels;
  publishing: Publishing;
  sessions: Sessions;
  parties: Parties;
  access: Access;
  passes: PassReader;
  admissions: Pick<Admissions, 'admit'>;
  /** STUN and TURN servers for one more connection. */
  iceServers: () => WireIceServer[];
  publicUrl: string | undefined;
  metrics: ViewerMetrics;
  log: Logger;
}

/**
 * A Viewer whose socket is gone may still be watching over its transport: its page comes back on
 * another socket in the meantime, and the picture never stops.
 */
const SOCKET_GRACE_MS = 10_000;

/** What each socket has: what it watches, what it sends, the party that it is at. */
export class SocketContexts {
  readonly #options: SocketContextsOptions;
  readonly #watching = new Set<Watching>();
  readonly #rights = new WeakMap<Right, Admission>();
  readonly #closing = new AbortController();

  constructor(options: SocketContextsOptions) {
    this.#options = options;
  }

  open(client: Client): HandlerContext {
    const watching = this.#createWatching(client);
    this.#watching.add(watching);
    const [broadcaster, member] = [this.#createBroadcaster(client), this.#createMember(client)];
    return { watching, broadcaster, member, iceServers: this.#options.iceServers };
  }

  /** @param clean did the client take its leave, or was it just gone? */
  leave(context: HandlerContext, clean: boolean): void {
    const { watching, broadcaster, member } = context;
    member.close();
    const end = () => this.#end(context);
    if (clean || (!watching.isActive && !broadcaster.live)) return end();
    // The same one comes back on another socket, and needs it there.
    watching.giveUpSeat();
    void sleep(SOCKET_GRACE_MS, undefined, { signal: this.#closing.signal }).then(end, end);
  }

  /** Nobody watches any more. Idempotent. */
  close(): void {
    this.#closing.abort();
    for (const watching of this.#watching) watching.close();
  }

  #end({ watching, broadcaster }: HandlerContext): void {
    this.#watching.delete(watching);
    const held = new Held();
    held.add(() => watching.close());
    held.add(() => broadcaster.close());
    try {
      held.letGo();
    } catch (err) {
      // One socket's end takes nobody else's with it.
      this.#options.log.error({ err }, 'what a socket had could not be closed');
    }
  }

  #createWatching(client: Client): Watching {
    const { sfu, channels, sessions, metrics } = this.#options;
    const { remoteAddress } = client;
    const viewer = new Viewer({
      ...{ sfu, channels, remoteAddress, metrics },
      events: {
        ...watchedEvents(client),
        channelChanged: (channel) => client.notify('channelChanged', { channel }),
      },
    });
    const watching: Watching = new Watching({
      viewer,
      open: async (request, voice) => {
        const as = readerFor(await this.#visit(client, request.token));
        const events = sessionEvents(client, { voice, over: () => watching.giveUpSeat() });
        const address = addressOf(client);
        return await sessions.open(request, { as, remoteAddress, address, events });
      },
      admit: async ({ id, token, isStored, instead }, onRefused) => {
        const counts = isStored ? 'browsers' : 'each';
        return await this.#admit(client, { id, token, counts, instead }, onRefused);
      },
      onRefused: (why) => tellRefusal(client, why),
    });
    return watching;
  }

  /** @throws SfumatoError with `refusal` */
  async #admit(
    client: Client,
    play: {
      id: string;
      token: string | undefined;
      counts?: 'each' | 'browsers';
      instead?: Right | undefined;
    },
    onRefused: (why: SfumatoError) => void,
  ): Promise<Right> {
    const { id, token, counts, instead } = play;
    const admission = await this.#options.admissions.admit(
      {
        thingId: id,
        visitor: () => this.#visit(client, token),
        ...(counts !== undefined && { counts }),
        onRefused,
      },
      instead && this.#rights.get(instead),
    );
    const right: Right = {
      renew: (next) => admission.renew(() => this.#visit(client, next)),
      giveUpSeat: () => admission.giveUpSeat(),
      close: () => admission.close(),
    };
    this.#rights.set(right, admission);
    return right;
  }

  /** @throws SfumatoError `unauthorized` for a wrong API token */
  async #visit(client: Client, token: string | undefined): Promise<Visitor> {
    const { access, passes, publicUrl } = this.#options;
    return await visitSocket(client, token, { access, passes, publicUrl });
  }

  #createBroadcaster(client: Client): Broadcaster {
    return new Broadcaster({
      publishing: this.#options.publishing,
      remoteAddress: client.remoteAddress,
      address: addressOf(client),
      holder: { demandRight: () => this.#demandPublisher(client) },
      events: {
        broadcastHealth: (health) => client.notify('broadcastHealth', health),
        wantedLayers: (maxSpatialLayer) => client.notify('wantedLayers', { maxSpatialLayer }),
        broadcastEnded: (reason) => client.notify('broadcastEnded', { reason }),
        transportLost: (message) => client.notify('transportLost', { message }),
      },
    });
  }

  /** @returns their name. @throws SfumatoError `unauthorized`, `forbidden` */
  async #demandPublisher(client: Client): Promise<string> {
    const { access, publicUrl } = this.#options;
    return demand(await identifySocket(client, { access, publicUrl }), 'channels:publish').name;
  }

  #createMember(client: Client): PartyMember {
    const { parties } = this.#options;
    return new PartyMember({
      parties,
      admit: async (play, onRefused) => {
        const right = await this.#admit(client, play, onRefused);
        return () => right.close();
      },
      events: {
        moved: (timeline) => client.notify('partyMoved', { timeline }),
        changed: (change) => client.notify('partyChanged', change),
        ended: (reason, message) => client.notify('partyEnded', { reason, message }),
      },
    });
  }
}

type Told = Pick<Client, 'notify'>;

/** What is told of a Channel and of a Session alike. */
function watchedEvents(client: Told) {
  return {
    layerChanged: (change: LayerChange) => client.notify('layerChanged', change),
    linkEstimate: (availableBitrate: number) => client.notify('linkEstimate', { availableBitrate }),
    transportLost: (message: string) => client.notify('transportLost', { message }),
  };
}

function tellRefusal(client: Told, why: SfumatoError): void {
  const { refusal = 'refused', message, retryAfterSeconds } = toWireError(why);
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  client.notify('watchEnded', { refusal, message, ...retry });
}

/** @param over called when it has ended by itself */
function sessionEvents(
  client: Told,
  { voice, over }: { voice: Voice; over: () => void },
): SessionEvents {
  const told: Told = {
    notify: (event, data) => (voice.isHushed ? undefined : client.notify(event, data)),
  };
  return {
    ...watchedEvents(told),
    playheadMoved: (playhead) => told.notify('playheadMoved', { playhead }),
    transportLost: (message) => {
      over();
      told.notify('transportLost', { message });
    },
    ended: (reason, message) => {
      over();
      told.notify('sessionEnded', { reason, message });
    },
  };
}
