import type {
  DeviceReport,
  PreferredLayer,
  QualityReport,
  RequestData,
  RequestResult,
} from '../../signaling/contract/index.ts';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Viewer } from '../channels/viewer.ts';
import type { Session } from '../playback/session.ts';

/** What can be said to whatever is watched. */
interface Watched {
  resume(): Promise<void>;
  setPreferredLayer(layer: PreferredLayer): void;
  reportDevice(report: DeviceReport): void;
  reportCongestion(lateMs: number): void;
  reportQuality(report: QualityReport): void;
  restartIce(): Promise<RequestResult<'restartIce'>>;
}

/** What a Session may tell: nothing once it is hushed. */
export interface Voice {
  isHushed: boolean;
}

export type WatchedChannel = Watched &
  Pick<Viewer, 'join' | 'zap' | 'leave' | 'close' | 'watching'>;
export type WatchedSession = Watched & Pick<Session, 'steer' | 'leave' | 'closed' | 'endWith'>;

export type Opening = (
  request: RequestData<'openSession'>,
  voice: Voice,
) => Promise<{ session: WatchedSession; answer: RequestResult<'openSession'> }>;

/** The right to watch something, for as long as it is watched. */
export interface Right {
  /** @throws SfumatoError with `refusal` where the token does not do; then it is as before */
  renew(token: string): Promise<void>;
  giveUpSeat(): void;
  /** Idempotent. */
  close(): void;
}

/** @throws SfumatoError with `refusal` */
export type Admitting = (
  play: { id: string; token: string | undefined; isStored: boolean; instead: Right | undefined },
  onRefused: (why: SfumatoError) => void,
) => Promise<Right>;

export interface WatchingOptions {
  viewer: WatchedChannel;
  open: Opening;
  admit: Admitting;
  /** What was watched may not be watched any more, and has ended. */
  onRefused: (why: SfumatoError) => void;
}

/** What is watched by what right. */
interface Held {
  id: string;
  token: string | undefined;
  right: Right;
  /** Why it may not be watched any more. */
  why: SfumatoError | undefined;
}

type Asked = Pick<Held, 'id' | 'token'> & { isStored: boolean };

/** What one connection watches: a Channel, or something stored in a Session. Never both. */
export class Watching {
  readonly viewer: WatchedChannel;
  readonly #options: WatchingOptions;
  #session: WatchedSession | undefined;
  /** Of that Session. */
  #voice: Voice = { isHushed: false };
  #held: Held | undefined;
  #isOpening = false;
  #isClosed = false;

  constructor(options: WatchingOptions) {
    this.viewer = options.viewer;
    this.#options = options;
  }

  /** Is there a connection that media could still be flowing over? */
  get isActive(): boolean {
    return this.#openSession !== undefined || this.viewer.watching;
  }

  /** Of the two the one that there is; the Viewer's word where there is none, which is `notJoined`. */
  get present(): Watched {
    return this.#openSession ?? this.viewer;
  }

  /** @throws SfumatoError `notJoined` */
  get session(): WatchedSession {
    const session = this.#openSession;
    if (session !== undefined) return session;
    throw new SfumatoError('notJoined', 'Nothing stored is being watched on this connection.', {
      hint: 'Send `openSession` first.',
    });
  }

  /** @throws SfumatoError as `Viewer.join`; with `refusal` */
  async join(request: RequestData<'join'>): Promise<RequestResult<'join'>> {
    const { channelId: id, token } = request;
    return await this.#hushed({ id, token, isStored: false }, async () => {
      const joined = await this.viewer.join(request);
      this.#endSession();
      return joined;
    });
  }

  /** @throws SfumatoError as `Viewer.zap`; with `refusal` */
  async zap(request: RequestData<'zap'>): Promise<RequestResult<'zap'>> {
    const { channelId: id } = request;
    // To the next broadcast of the same Channel with what was shown for it.
    const token = request.token ?? (this.#held?.id === id ? this.#held.token : undefined);
    return await this.#admitted({ id, token, isStored: false }, () => this.viewer.zap(id));
  }

  /** @throws SfumatoError as `Session.open`; with `refusal` */
  async openSession(request: RequestData<'openSession'>): Promise<RequestResult<'openSession'>> {
    const { assetId: id, token } = request;
    return await this.#hushed({ id, token, isStored: true }, async () => {
      const voice = { isHushed: false };
      const { session, answer } = await this.#options.open(request, voice);
      this.#endSession();
      this.viewer.leave();
      [this.#session, this.#voice] = [session, voice];
      // The socket may have gone meanwhile.
      if (this.#isClosed) this.#endSession();
      return answer;
    });
  }

  /** Another token for what is watched. @throws SfumatoError `notJoined`; with `refusal` where it does not do */
  async renewGrant(token: string): Promise<void> {
    const held = this.#held;
    if (held === undefined || !this.isActive) {
      throw new SfumatoError('notJoined', 'Nothing is being watched on this connection.');
    }
    await held.right.renew(token);
    held.token = token;
  }

  /** It may end any moment: somebody else may have its place. */
  giveUpSeat(): void {
    this.#held?.right.giveUpSeat();
  }

  /** Idempotent. */
  leave(): void {
    this.#endRight();
    this.#endSession();
    this.viewer.leave();
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#endRight();
    this.#endSession();
    this.viewer.close();
  }

  get #openSession(): WatchedSession | undefined {
    return this.#session?.closed === false ? this.#session : undefined;
  }

  /** The right to the next thing takes the place of that to the last one as soon as that is there. */
  async #admitted<T>(asked: Asked, opening: () => Promise<T>): Promise<T> {
    this.#isOpening = true;
    try {
      const held = await this.#ask(asked);
      const opened = await opening().catch((error: unknown) => {
        held.right.close();
        if (!this.isActive) this.#endRight();
        throw error;
      });
      this.#endRight();
      this.#held = held;
      if (held.why !== undefined || this.#isClosed) this.leave();
      if (held.why !== undefined) throw held.why;
      return opened;
    } finally {
      this.#isOpening = false;
      this.#endRefused();
    }
  }

  /** @throws SfumatoError with `refusal` */
  async #ask({ id, token, isStored }: Asked): Promise<Held> {
    const refusal: Pick<Held, 'why'> = { why: undefined };
    const asked = { id, token, isStored, instead: this.#held?.right };
    const right = await this.#options.admit(asked, (why) => {
      refusal.why = why;
      this.#endRefused();
    });
    return Object.assign(refusal, { id, token, right });
  }

  /** While something else is being opened, it waits: that may take its place anyway. */
  #endRefused(): void {
    const why = this.#held?.why;
    if (this.#isOpening || why === undefined) return;
    if (!this.isActive) return this.#endRight();
    const session = this.#openSession;
    // Of a Session that is told in its own words.
    const isGone = session !== undefined && why.refusal === 'gone';
    if (isGone) session.endWith('gone');
    this.leave();
    if (!isGone) this.#options.onRefused(why);
  }

  /** What is told of the Session that there was until now, the client would take for the next one's. */
  async #hushed<T>(asked: Asked, opening: () => Promise<T>): Promise<T> {
    const voice = this.#voice;
    voice.isHushed = true;
    try {
      return await this.#admitted(asked, opening);
    } finally {
      // Where the next one could not be opened, this one goes on.
      voice.isHushed = false;
    }
  }

  #endRight(): void {
    this.#held?.right.close();
    this.#held = undefined;
  }

  #endSession(): void {
    this.#session?.leave();
    this.#session = undefined;
  }
}
