import type { Asset } from '../../../signaling/contract/index.ts';
import { findAssets } from './library-api.ts';
import { type LibraryQuery, EVERYTHING, showsNewestFirst } from './library-query.ts';

const PAGE = 48;
/** Milliseconds: what arrives together is asked for together. */
const REFRESH_MS = 400;

/** What is found, page by page, kept as it is on the server by events. */
export class AssetList {
  assets: Asset[] | null = null;
  /** The server could not be reached, or refused. */
  failure: unknown = null;
  busy = false;
  #query: LibraryQuery = EVERYTHING;
  #cursor: string | null = null;
  /** Answers of earlier questions are late and count for nothing. */
  #asked = 0;
  #isDue = false;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** What was shown stays until the answer is there. */
  async find(query: LibraryQuery): Promise<void> {
    this.#query = query;
    await this.#ask(async () => {
      const page = await findAssets(query, PAGE);
      return () => {
        this.assets = page.assets;
        this.#cursor = page.cursor;
      };
    });
  }

  async more(): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === null || this.busy) return;
    await this.#ask(async () => {
      const page = await findAssets(this.#query, PAGE, cursor);
      return () => {
        this.assets = merged(this.assets ?? [], page.assets);
        this.#cursor = page.cursor;
      };
    });
  }

  /** An Asset was made or changed. One that is not shown may belong here: then the beginning is asked for again. */
  apply(asset: Asset): void {
    const index = this.assets?.findIndex(({ id }) => id === asset.id) ?? -1;
    if (this.assets === null || index === -1) return this.#refreshSoon();
    this.assets = this.assets.with(index, asset);
    this.#changed();
  }

  remove(ids: readonly string[]): void {
    const left = this.assets?.filter(({ id }) => !ids.includes(id)) ?? null;
    if (left?.length === this.assets?.length) return;
    this.assets = left;
    this.#changed();
  }

  /** As it is now: everything that fits on the first page, and what was beyond it as it was. */
  async refresh(): Promise<void> {
    const query = this.#query;
    await this.#ask(async () => {
      const page = await findAssets(query, PAGE);
      return () => this.#takeBeginning(page.assets, page.cursor, query);
    });
  }

  #takeBeginning(assets: Asset[], cursor: string | null, query: LibraryQuery): void {
    const shown = this.assets ?? [];
    const beyond = shown.length > PAGE && showsNewestFirst(query);
    this.assets = beyond ? merged(assets, shown) : assets;
    if (!beyond) this.#cursor = cursor;
  }

  #refreshSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      // What is being asked for now is let come to its end, however much happens meanwhile.
      if (this.busy) this.#refreshSoon();
      else void this.refresh();
    }, REFRESH_MS);
  }

  async #ask(work: () => Promise<() => void>): Promise<void> {
    this.#asked += 1;
    const number = this.#asked;
    this.busy = true;
    this.#changed();
    try {
      const take = await work();
      if (number !== this.#asked) return;
      take();
      this.failure = null;
    } catch (error) {
      if (number !== this.#asked) return;
      this.failure = error;
    }
    this.busy = false;
    this.#changed();
  }
}

/** Each once, where it came first. */
function merged(first: readonly Asset[], second: readonly Asset[]): Asset[] {
  const ids = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !ids.has(id))];
}
