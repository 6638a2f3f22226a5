import type { SfumatoPlayer } from '../player/sfumato-player.ts';
import { isStored, OBEYED } from './obeyed.ts';
import { readTokenMessage, writeTokenExpiring } from './token-message.ts';
import {
  EVENTS,
  isEvent,
  METHODS,
  type OutsideCall,
  type OutsideEvent,
  readCall,
  writeAnswer,
  writeEvent,
} from './player-js.ts';

/** Between two reports of the time, milliseconds. */
const TIME_MS = 250;

type Page = { source: WindowProxy; origin: string };

/** The conversation of a player in a frame with the page around it. */
export class Outside {
  readonly #player: SfumatoPlayer;
  readonly #parent: WindowProxy;
  readonly #end = new AbortController();
  /** Events that the page has asked for: each with the names of its listeners. */
  readonly #listeners = new Map<OutsideEvent, Set<string>>();
  #page: Page | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param origin the only one that is heard, where the address names one */
  constructor(player: SfumatoPlayer, parent: WindowProxy, origin: string | null) {
    this.#player = player;
    this.#parent = parent;
    const { signal } = this.#end;
    addEventListener(
      'message',
      ({ data, source, origin: from }: MessageEvent<unknown>) => {
        if (source !== this.#parent || (origin !== null && from !== origin)) return;
        const call = readCall(data) ?? readTokenMessage(data);
        if (call !== null) this.#obey(call, { source: this.#parent, origin: from });
      },
      { signal },
    );
    this.#observe(signal);
  }

  /** Said unasked, to whoever is around: there is no secret in it. */
  ready(): void {
    this.#parent.postMessage(writeEvent('ready', this.#introduction), '*');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#end.abort();
  }

  get #introduction() {
    const src = new URL(location.href);
    // Whoever is around need not be who gave it.
    src.searchParams.delete('token');
    return { src: src.href, events: EVENTS, methods: METHODS };
  }

  #obey({ method, value, listener }: OutsideCall, page: Page): void {
    this.#page = page;
    if (method === 'addEventListener') return this.#listen(value, listener);
    if (method === 'removeEventListener') return this.#unlisten(value, listener);
    const answer = OBEYED[method](this.#player, value);
    if (method.startsWith('get')) {
      page.source.postMessage(writeAnswer(method, answer ?? null, listener), page.origin);
    }
  }

  #listen(event: unknown, listener = ''): void {
    if (!isEvent(event)) return;
    const names = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, names.add(listener));
    // The page may have come later than the player.
    if (event === 'ready') this.#tell('ready', this.#introduction);
  }

  /** Without a name: all of them. */
  #unlisten(event: unknown, listener?: string): void {
    if (!isEvent(event)) return;
    if (listener === undefined) this.#listeners.delete(event);
    else this.#listeners.get(event)?.delete(listener);
  }

  #tell(event: OutsideEvent, value?: unknown): void {
    const page = this.#page;
    if (page === null) return;
    for (const name of this.#listeners.get(event) ?? []) {
      const listener = name === '' ? undefined : name;
      page.source.postMessage(writeEvent(event, value, listener), page.origin);
    }
  }

  #observe(signal: AbortSignal): void {
    const player = this.#player;
    const on = (type: string, tell: () => void) => player.addEventListener(type, tell, { signal });
    for (const type of ['play', 'pause', 'ended', 'volumechange'] as const) {
      on(type, () => this.#tell(type));
    }
    on('error', () => this.#tell('error', { code: 2, msg: player.media?.error?.message ?? '' }));
    on('conditionchange', () => {
      const { condition, refusal } = player;
      this.#tell('conditionchange', { condition, refusal });
    });
    player.addEventListener('tokenexpiring', (event) => this.#tokenExpires(event), { signal });
    on('layerchange', () => this.#tell('qualitychange', OBEYED.getQuality(player, undefined)));
    void player.updateComplete.then(() => this.#observeMedia(signal));
    this.#timer = setInterval(() => this.#tellTime(), TIME_MS);
  }

  /** By the protocol to who listens, and as a plain message, for pages that speak no protocol. */
  #tokenExpires({ detail }: CustomEventInit<unknown>): void {
    this.#tell('tokenexpiring', detail);
    this.#parent.postMessage(writeTokenExpiring(detail), this.#page?.origin ?? '*');
  }

  /** What the player does not pass on. */
  #observeMedia(signal: AbortSignal): void {
    const { media } = this.#player;
    const on = (type: string, tell: () => void) => media?.addEventListener(type, tell, { signal });
    on('seeked', () => this.#tell('seeked'));
    on('ratechange', () => this.#tell('ratechange', media?.playbackRate));
    on('progress', () => this.#tellProgress());
  }

  /** As a share of the whole. */
  #tellProgress(): void {
    const { media, duration } = this.#player;
    if (media === null || !(duration > 0) || media.buffered.length === 0) return;
    const percent = media.buffered.end(media.buffered.length - 1) / duration;
    this.#tell('progress', { percent: Math.min(1, percent) });
  }

  #tellTime(): void {
    const { currentTime: seconds, duration, paused } = this.#player;
    if (!isStored(this.#player) || paused || !Number.isFinite(duration)) return;
    this.#tell('timeupdate', { seconds, duration });
  }
}
