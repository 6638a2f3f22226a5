import type { Logger } from 'pino';
import { type Asset, SfumatoError } from '../../signaling/contract/index.ts';
import type { Undo } from '../rtp/listeners.ts';
import type { Database } from '../store/database.ts';
import { kindOf } from '../store/dialect.ts';
import { AssetLook } from './asset-look.ts';
import { type AssetEvent, type Assets, type Findable, findable } from './assets.ts';
import type { Catalogue } from './catalogue.ts';
import { asShownTo, mayFind, type Reader, SERVER } from './reader.ts';

/** What somebody is told of Assets. */
export type FeedEvent =
  /** It is there, and is like this now. */
  | { type: 'asset'; asset: Asset }
  /** It was deleted, or is not for this reader any more. */
  | { type: 'gone'; id: string };

export interface FeedListener {
  reader: Reader;
  /** Only this one; all that may be found where none is named. */
  id: string | undefined;
  tell(event: FeedEvent): void;
}

export interface AssetFeedOptions {
  db: Database;
  catalogue: Pick<Catalogue, 'assets' | 'jobs'>;
  log: Logger;
  /** Between two events of one Asset, and at least between a change and its event. Milliseconds. */
  spacingMs?: number;
}

/** Four a second. */
const SPACING_MS = 250;
/** How often what other nodes did is looked for. */
const LOOK_MS = 2_000;
/** Assets that a listener is known to know. */
const MAX_TOLD = 5_000;

/** Of each listener: whether they are still there is looked at. */
const MAX_LOOKED_FOR = 50;

/** A change that will be told of. */
interface Pending {
  timer: NodeJS.Timeout;
  /** Who could find it, before one change or another. */
  before: Findable[];
}

interface Listening extends FeedListener {
  told: Set<string>;
}

/** What happens to Assets, to each as far as they may know. It costs nothing while nobody listens. */
export class AssetFeed {
  readonly #options: AssetFeedOptions;
  readonly #listeners = new Set<Listening>();
  readonly #pending = new Map<string, Pending>();
  #stop: (() => void) | undefined;
  #isClosed = false;

  constructor(options: AssetFeedOptions) {
    this.#options = options;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /**
   * A named Asset is told of at once, as it is; then every change.
   *
   * @throws SfumatoError `notFound` where the named one may not be seen; `unavailable` after `close()`
   */
  async subscribe(listener: FeedListener): Promise<Undo> {
    const { id, reader } = listener;
    if (this.#isClosed) throw new SfumatoError('unavailable', 'The server is being stopped.');
    const listening: Listening = { ...listener, told: new Set() };
    // Before it is read: no change between the two is missed.
    const undo = this.#add(listening);
    try {
      if (id === undefined) return undo;
      const asset = await this.#options.catalogue.assets.get(id, reader);
      listening.told.add(id);
      listener.tell({ type: 'asset', asset });
      return undo;
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** Tells nobody anything any more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#rest();
  }

  #add(listening: Listening): Undo {
    this.#listeners.add(listening);
    this.#stop ??= this.#start();
    return () => {
      this.#listeners.delete(listening);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  #start(): () => void {
    const { catalogue, db, log } = this.#options;
    const undos = [
      catalogue.assets.on((event) => this.#onAssets(event)),
      catalogue.jobs.on(({ assetId }) => {
        if (assetId !== null) this.#changed(assetId);
      }),
    ];
    if (kindOf(db) === 'postgres') {
      const look = new AssetLook({
        ...{ db, log, everyMs: LOOK_MS },
        found: (id) => this.#changed(id),
        told: () => [...this.#listeners].flatMap(({ told }) => [...told].slice(-MAX_LOOKED_FOR)),
      });
      undos.push(() => look.close());
    }
    return () => {
      for (const undo of undos) undo();
    };
  }

  #rest(): void {
    this.#stop?.();
    this.#stop = undefined;
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #onAssets({ ids, before }: AssetEvent): void {
    for (const id of ids) this.#changed(id, before);
  }

  /** What comes while an event waits is in it: it tells how the Asset is then. */
  #changed(id: string, before?: Findable): void {
    const waiting = this.#pending.get(id);
    if (waiting !== undefined) {
      if (before !== undefined && waiting.before.length < 8) waiting.before.push(before);
      return;
    }
    const timer = setTimeout(() => void this.#tell(id), this.#options.spacingMs ?? SPACING_MS);
    this.#pending.set(id, { timer, before: before === undefined ? [] : [before] });
  }

  async #tell(id: string): Promise<void> {
    const before = this.#pending.get(id)?.before ?? [];
    this.#pending.delete(id);
    try {
      const { assets } = this.#options.catalogue;
      const found = await this.#find(id);
      for (const listening of this.#listeners) tellOne(assets, listening, { id, found, before });
    } catch (err) {
      this.#options.log.warn({ err }, 'a change of an Asset was not told');
    }
  }

  async #find(id: string): Promise<Found | undefined> {
    const { assets } = this.#options.catalogue;
    try {
      const [asset, row] = await Promise.all([assets.get(id, SERVER), assets.find(id)]);
      return row && { asset, guarded: findable(row) };
    } catch (error) {
      if (error instanceof SfumatoError && error.code === 'notFound') return undefined;
      throw error;
    }
  }
}

interface Found {
  asset: Asset;
  guarded: Findable;
}

/** Of what a reader could never see, not even the id is told. */
function tellOne(
  assets: Assets,
  { reader, id: only, told, tell }: Listening,
  { id, found, before }: { id: string; found: Found | undefined; before: readonly Findable[] },
): void {
  if (only !== undefined && only !== id) return;
  const finds = (thing: Findable) =>
    only === id ? assets.maySee(reader, thing) : mayFind(reader, thing);
  if (found !== undefined && finds(found.guarded)) {
    remember(told, id);
    tell({ type: 'asset', asset: asShownTo(reader, found.asset) });
  } else if (told.delete(id) || before.some(finds)) {
    tell({ type: 'gone', id });
  }
}

function remember(told: Set<string>, id: string): void {
  told.add(id);
  if (told.size <= MAX_TOLD) return;
  for (const oldest of told) {
    told.delete(oldest);
    return;
  }
}
