import type {
  RequestData,
  RequestResult,
  WireIceParameters,
} from '../../signaling/contract/index.ts';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Publisher, PublisherEvents } from './publisher.ts';
import type { Publishing } from './publishing.ts';
import type { Holder } from './rights.ts';

/** A page that goes live over its signaling socket: at most one Publisher at a time. */
export class Broadcaster {
  readonly #publishing: Publishing;
  readonly #remoteAddress: string | undefined;
  readonly #address: string | undefined;
  readonly #events: PublisherEvents;
  readonly #holder: Holder | undefined;
  #publisher: Publisher | undefined;
  #closed = false;

  constructor(options: {
    publishing: Publishing;
    remoteAddress: string | undefined;
    /** Of the person, also behind a proxy. */
    address?: string | undefined;
    events: PublisherEvents;
    /** Whoever may go live without a stream key. */
    holder?: Holder;
  }) {
    this.#publishing = options.publishing;
    this.#remoteAddress = options.remoteAddress;
    this.#address = options.address;
    this.#events = options.events;
    this.#holder = options.holder;
  }

  /** @throws SfumatoError `unauthorized`, `forbidden`, `notFound`, `badRequest`, `unavailable` */
  async goLive(request: RequestData<'goLive'>): Promise<RequestResult<'goLive'>> {
    const { channelId, streamKey, dtlsParameters, clockOffsetMs } = request;
    const publisher = await this.#publishing.open({
      channelId,
      streamKey,
      kind: 'webcam',
      remoteAddress: this.#remoteAddress,
      address: this.#address,
      clockOffsetMs,
      events: this.#events,
      ...(this.#holder && { holder: this.#holder }),
    });
    // One that goes live again on its socket has given up what it had before.
    this.#publisher?.lose();
    this.#publisher = publisher;
    // The socket may have gone while the key was checked.
    if (this.#closed) publisher.close();
    const transport = await publisher.connect(dtlsParameters);
    return { channel: publisher.channel.info(), transport };
  }

  async produce({
    kind,
    rtpParameters,
  }: RequestData<'produce'>): Promise<RequestResult<'produce'>> {
    return { producerId: await this.#live().produce(kind, rtpParameters) };
  }

  closeProducer(producerId: string): void {
    this.#live().closeProducer(producerId);
  }

  /** Idempotent. */
  endBroadcast(): void {
    this.#publisher?.finish();
    this.#publisher = undefined;
  }

  async restartIce(): Promise<WireIceParameters> {
    return await this.#live().restartIce();
  }

  /** Is there a connection that media could still be flowing over? */
  get live(): boolean {
    return this.#publisher?.closed === false;
  }

  /** The socket is gone for good. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#publisher?.lose();
  }

  #live(): Publisher {
    if (this.#publisher === undefined || this.#publisher.closed) {
      throw new SfumatoError('notJoined', 'Nothing is being broadcast on this connection.', {
        hint: 'Send `goLive` first.',
      });
    }
    return this.#publisher;
  }
}
