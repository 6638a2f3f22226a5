import { retryDelayMs, TypedEvents } from '../../../signaling/client/index.ts';
import { type Asset, assetSchema } from '../../../signaling/contract/index.ts';
import { type Denial, denialIn, parseDenial } from '../access/denial.ts';
import { accessHeaders, passOn, withToken } from '../access/pass.ts';
import { withSite } from '../access/site-around.ts';
import type { AssetAddress } from './asset-address.ts';
import { refusedStreamDelayMs } from './event-retry.ts';

/**
 * Not there (or not for us), there no more, not to be watched by us for a reason that we were told (`denial`), or the
 * server does not answer and is asked again.
 */
export type FeedProblem = 'notFound' | 'gone' | 'denied' | 'unreachable';

type FeedEvents = { changed: undefined /** The server answers again. */; back: undefined };

const ANSWER_MS = 10_000;
const GONE = new Set([401, 403, 404, 410]);

const feeds = new Map<string, { feed: AssetFeed; users: number }>();

/** What the server says of an Asset, shared by all of the page that want it. To be closed by each of them. */
export function openAssetFeed({ url, assetId }: Pick<AssetAddress, 'url' | 'assetId'>): {
  feed: AssetFeed;
  close(): void;
} {
  const shared = feeds.get(url) ?? { feed: new AssetFeed(url, assetId), users: 0 };
  shared.users += 1;
  feeds.set(url, shared);
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    shared.users -= 1;
    if (shared.users > 0) return;
    feeds.delete(url);
    shared.feed.close();
  };
  return { feed: shared.feed, close };
}

/**
 * An Asset as the server shows it, kept fresh by server-sent events; asks again after every loss. A page that is not
 * looked at leaves its connection to others (HTTP/1.1 has six of them for all pages), and looks when it is shown.
 */
export class AssetFeed {
  readonly #url: string;
  readonly #assetId: string;
  readonly #events = new TypedEvents<FeedEvents>();
  readonly #end = new AbortController();
  #asset: Asset | null = null;
  #problem: FeedProblem | null = null;
  #denial: Denial | null = null;
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #listenAgain: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;

  constructor(url: string, assetId: string) {
    this.#url = url;
    this.#assetId = assetId;
    void this.#look();
    this.#listen();
    const { signal } = this.#end;
    document.addEventListener('visibilitychange', () => this.#onVisibility(), { signal });
    window.addEventListener('online', () => this.lookAgain(), { signal });
    const unlisten = passOn(url, assetId).on('changed', () => this.#passChanged());
    signal.addEventListener('abort', unlisten);
  }

  /** As it was heard of last. */
  get asset(): Asset | null {
    return this.#asset;
  }
  get problem(): FeedProblem | null {
    return this.#problem;
  }
  /** Why it may not be watched; null as long as nobody said so. */
  get denial(): Denial | null {
    return this.#denial;
  }

  on<E extends keyof FeedEvents>(event: E, listener: (data: FeedEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  /** For whoever has met a problem that may be the Asset's. */
  lookAgain(): void {
    if (this.#problem !== null || this.#asset !== null) void this.#look();
  }

  /** It was said elsewhere that it may not be watched: nothing is known of it from now on. */
  deny(denial: Denial): void {
    this.#asset = null;
    this.#denial = denial;
    this.#problem = 'denied';
    clearTimeout(this.#retry);
    this.#hush();
    this.#events.emit('changed', undefined);
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#retry);
    this.#hush();
    this.#events.clear();
  }

  /** It is not there, as far as is known. */
  get #isAway(): boolean {
    return this.#problem !== null && this.#problem !== 'unreachable';
  }

  #onVisibility(): void {
    if (document.visibilityState !== 'visible') return this.#hush();
    // It may have changed, or somebody may have signed in elsewhere.
    this.lookAgain();
    this.#listen();
  }

  async #look(): Promise<void> {
    try {
      const limit = AbortSignal.any([this.#end.signal, AbortSignal.timeout(ANSWER_MS)]);
      const headers = accessHeaders(this.#url);
      const response = await fetch(this.#url, { signal: limit, cache: 'no-cache', headers });
      const denial = response.ok ? null : await denialIn(response);
      if (denial !== null && denial.refusal !== 'gone') return this.deny(denial);
      if (GONE.has(response.status)) return this.#isGone();
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      this.#take(assetSchema.parse(await response.json()));
    } catch (error) {
      if (this.#end.signal.aborted) return;
      console.debug('sfumato: asset', error);
      this.#failed();
    }
  }

  #take(asset: Asset): void {
    const wasAway = this.#problem !== null;
    this.#asset = asset;
    this.#problem = this.#denial = null;
    this.#failures = 0;
    this.#events.emit('changed', undefined);
    if (!wasAway) return;
    this.#events.emit('back', undefined);
    if (this.#source === null || this.#source.readyState === EventSource.CLOSED) this.#listen();
  }

  /** What was opened with the last token ends with that. */
  #passChanged(): void {
    this.#listen();
    void this.#look();
  }

  #isGone(): void {
    this.#denial = null;
    this.#problem = this.#asset === null ? 'notFound' : 'gone';
    this.#hush();
    this.#events.emit('changed', undefined);
  }

  #failed(): void {
    if (this.#problem !== 'denied') this.#problem = 'unreachable';
    this.#events.emit('changed', undefined);
    clearTimeout(this.#retry);
    const delayMs = retryDelayMs({ failures: this.#failures, random: Math.random() });
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.#look(), delayMs);
  }

  #hush(): void {
    clearTimeout(this.#listenAgain);
    this.#source?.close();
    this.#source = null;
  }

  #listen(): void {
    this.#hush();
    if (document.visibilityState !== 'visible' || this.#isAway) return;
    const { href } = new URL(`/api/v1/assets/events?id=${this.#assetId}`, this.#url);
    const { token } = passOn(this.#url, this.#assetId);
    const source = new EventSource(withSite(withToken(href, token)));
    this.#source = source;
    let opened = false;
    source.addEventListener('open', () => {
      // What changed before, or while there was no connection, nobody has told.
      if (opened || this.#asset?.state !== 'ready') void this.#look();
      opened = true;
      this.#refusals = 0;
    });
    source.addEventListener('asset', ({ data }) => this.#heard(data));
    source.addEventListener('refused', ({ data }) => this.#heardRefusal(data));
    source.addEventListener('gone', () => void this.#look());
    source.addEventListener('error', () => this.#cut(source));
  }

  #heardRefusal(data: unknown): void {
    try {
      this.deny(parseDenial(data));
    } catch (error) {
      console.debug('sfumato: an event that is none', error);
      void this.#look();
    }
  }

  #heard(data: unknown): void {
    try {
      this.#take(assetSchema.parse(JSON.parse(String(data))));
    } catch (error) {
      console.debug('sfumato: an event that is none', error);
    }
  }

  /** The browser connects again by itself, but not after an answer that is no stream of events. */
  #cut(source: EventSource): void {
    if (source !== this.#source || this.#end.signal.aborted) return;
    if (source.readyState !== EventSource.CLOSED || this.#isAway) return;
    clearTimeout(this.#listenAgain);
    this.#refusals += 1;
    const delayMs = refusedStreamDelayMs(this.#refusals, Math.random());
    this.#listenAgain = setTimeout(() => this.#listen(), delayMs);
    // If that was the Asset's end, or the server's, it is known now; an Asset that is back listens at once.
    void this.#look();
  }
}
