/**
 * Controls a Sfumato player in an `<iframe>` from the page around it. No dependency, ES module.
 *
 * ```js
 * import { SfumatoEmbed } from 'https://video.example/embed-sdk.js';
 * const player = new SfumatoEmbed(document.querySelector('iframe'));
 * await player.ready;
 * player.on('timeupdate', ({ seconds }) => console.log(seconds));
 * await player.seek(90);
 * ```
 *
 * It speaks the player.js protocol (https://github.com/embedly/player.js), with words of our own beside it.
 */

const CONTEXT = 'player.js';
const VERSION = '0.0.11';
/** A player that has not answered by then is not there. Milliseconds. */
const PATIENCE_MS = 10_000;

export type EmbedEvents = {
  ready: { src: string; events: readonly string[]; methods: readonly string[] };
  play: undefined;
  pause: undefined;
  ended: undefined;
  seeked: undefined;
  /** About four times a second while something stored plays. */
  timeupdate: { seconds: number; duration: number };
  /** How much is there, 0 to 1. */
  progress: { percent: number };
  volumechange: undefined;
  ratechange: number;
  /** Why there is a picture, or why there is none: `playing`, `paused`, `offAir`, `reconnecting` and others. */
  conditionchange: {
    condition: string;
    /** With `denied`: `password`, `expired`, `revoked`, `notYet` and others. */
    refusal: string | null;
  };
  /** The right to watch ends then: `setToken` with another one, and the picture goes on. */
  tokenexpiring: { secondsLeft: number };
  /** What is shown now, such as `720p`; null for none. */
  qualitychange: string | null;
  error: { code: number; msg: string };
};
export type EmbedEvent = keyof EmbedEvents;

const field = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);
const nothing = (): undefined => undefined;
const asNumber = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const asTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What each event brings, of whatever came. */
const READ: { [E in EmbedEvent]: (value: unknown) => EmbedEvents[E] } = {
  ready: (value) => ({
    src: String(field(value, 'src')),
    events: asTexts(field(value, 'events')),
    methods: asTexts(field(value, 'methods')),
  }),
  play: nothing,
  pause: nothing,
  ended: nothing,
  seeked: nothing,
  timeupdate: (value) => ({
    seconds: asNumber(field(value, 'seconds')),
    duration: asNumber(field(value, 'duration')),
  }),
  progress: (value) => ({ percent: asNumber(field(value, 'percent')) }),
  volumechange: nothing,
  ratechange: asNumber,
  conditionchange: (value) => ({
    condition: String(field(value, 'condition')),
    refusal: asText(field(value, 'refusal')),
  }),
  tokenexpiring: (value) => ({ secondsLeft: asNumber(field(value, 'secondsLeft')) }),
  qualitychange: asText,
  error: (value) => ({
    code: asNumber(field(value, 'code')),
    msg: asText(field(value, 'msg')) ?? '',
  }),
};

type Message = { event?: unknown; value?: unknown; listener?: unknown };

export class SfumatoEmbed {
  /** Resolved when the player has spoken; rejected when it has not within ten seconds. */
  readonly ready: Promise<EmbedEvents['ready']>;
  readonly #frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #waiting = new Map<string, (value: unknown) => void>();
  readonly #listeners = new Map<string, { event: EmbedEvent; hear: (value: unknown) => void }>();
  readonly #end = new AbortController();
  #count = 0;

  /** @param frame whose `src` is `https://…/embed/…` */
  constructor(frame: HTMLIFrameElement) {
    this.#frame = frame;
    this.#origin = new URL(frame.src, document.baseURI).origin;
    const { signal } = this.#end;
    addEventListener('message', (event) => this.#heard(event), { signal });
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no player answered at ${frame.src}`));
      }, PATIENCE_MS);
      this.on('ready', (value) => {
        clearTimeout(timer);
        resolve(value);
      });
      signal.addEventListener('abort', () => clearTimeout(timer));
    });
    // Whoever does not wait for it need not hear that it failed.
    this.ready.catch(() => undefined);
    // A player that was there before us has said so already, and says it again when it is asked.
    frame.addEventListener('load', () => this.#subscribe(), { signal });
  }

  play(): void {
    this.#send('play');
  }
  pause(): void {
    this.#send('pause');
  }
  mute(): void {
    this.#send('mute');
  }
  unmute(): void {
    this.#send('unmute');
  }
  /** @param seconds from the beginning; nothing live goes there */
  seek(seconds: number): void {
    this.#send('setCurrentTime', seconds);
  }
  /** @param percent 0 to 100 */
  setVolume(percent: number): void {
    this.#send('setVolume', percent);
  }
  setLoop(loop: boolean): void {
    this.#send('setLoop', loop);
  }
  /** @param quality `auto`, `audioOnly`, or a height: the highest that is no higher */
  setQuality(quality: 'auto' | 'audioOnly' | number): void {
    this.#send('setQuality', quality);
  }
  /** @param language BCP 47; null for none */
  setCaptions(language: string | null): void {
    this.#send('setCaptions', language ?? 'off');
  }
  /** @param rate 0.25 to 2 */
  setPlaybackRate(rate: number): void {
    this.#send('setPlaybackRate', rate);
  }

  /** What proves the right to watch (a playback token), in the place of the last one; nothing stops for it. */
  setToken(token: string): void {
    this.#send('setToken', token);
  }

  /** Is it a live Channel? */
  isLive(): Promise<boolean> {
    return this.#ask('getLive', (value) => value === true);
  }
  isPaused(): Promise<boolean> {
    return this.#ask('getPaused', (value) => value === true);
  }
  isMuted(): Promise<boolean> {
    return this.#ask('getMuted', (value) => value === true);
  }
  isLooping(): Promise<boolean> {
    return this.#ask('getLoop', (value) => value === true);
  }
  /** 0 to 100. */
  volume(): Promise<number> {
    return this.#ask('getVolume', asNumber);
  }
  /** Seconds; 0 for what is live. */
  duration(): Promise<number> {
    return this.#ask('getDuration', asNumber);
  }
  /** Seconds. */
  currentTime(): Promise<number> {
    return this.#ask('getCurrentTime', asNumber);
  }
  playbackRate(): Promise<number> {
    return this.#ask('getPlaybackRate', asNumber);
  }
  condition(): Promise<string> {
    return this.#ask('getCondition', String);
  }
  /** Heights that can be chosen, lowest first. */
  qualities(): Promise<number[]> {
    return this.#ask('getQualities', (value) => (Array.isArray(value) ? value.map(Number) : []));
  }
  /** What is shown, such as `720p`. */
  quality(): Promise<string | null> {
    return this.#ask('getQuality', asText);
  }
  /** The language of the captions that are shown. */
  captions(): Promise<string | null> {
    return this.#ask('getCaptions', asText);
  }
  /** From the camera to the eye, milliseconds; null where it is not known. */
  latency(): Promise<number | null> {
    return this.#ask('getLatency', (value) => (typeof value === 'number' ? value : null));
  }
  /** The figures that the player's panel shows. */
  stats(): Promise<unknown> {
    return this.#ask('getStats', (value) => value);
  }

  /** @returns a function that stops it */
  on<E extends EmbedEvent>(event: E, hear: (value: EmbedEvents[E]) => void): () => void {
    const name = this.#newName();
    this.#listeners.set(name, { event, hear: (value) => hear(READ[event](value)) });
    this.#send('addEventListener', event, name);
    return () => {
      this.#listeners.delete(name);
      this.#send('removeEventListener', event, name);
    };
  }

  /** Hears and says nothing any more. The frame stays. */
  close(): void {
    this.#end.abort();
    this.#listeners.clear();
    this.#waiting.clear();
  }

  #subscribe(): void {
    for (const [name, { event }] of this.#listeners) this.#send('addEventListener', event, name);
  }

  #newName(): string {
    this.#count += 1;
    return `sfumato-${this.#count}`;
  }

  #send(method: string, value?: unknown, listener?: string): void {
    const call = { context: CONTEXT, version: VERSION, method, value, listener };
    this.#frame.contentWindow?.postMessage(JSON.stringify(call), this.#origin);
  }

  #ask<T>(method: string, read: (value: unknown) => T): Promise<T> {
    const name = this.#newName();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(name);
        reject(new Error(`the player did not answer ${method}`));
      }, PATIENCE_MS);
      this.#waiting.set(name, (value) => {
        clearTimeout(timer);
        resolve(read(value));
      });
      this.#send(method, undefined, name);
    });
  }

  #heard({ data, source, origin }: MessageEvent<unknown>): void {
    if (source !== this.#frame.contentWindow || origin !== this.#origin) return;
    const message = readMessage(data);
    if (message === null) return;
    // `ready` comes unasked, too.
    if (message.event === 'ready' && message.listener === undefined) return this.#subscribe();
    if (typeof message.listener !== 'string') return;
    const answer = this.#waiting.get(message.listener);
    this.#waiting.delete(message.listener);
    if (answer !== undefined) return answer(message.value);
    this.#listeners.get(message.listener)?.hear(message.value);
  }
}

function readMessage(data: unknown): Message | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    const isOurs = Reflect.get(Object(message), 'context') === CONTEXT;
    return isOurs ? Object(message) : null;
  } catch {
    // The page's other conversations come by the same way.
    return null;
  }
}
