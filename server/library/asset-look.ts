import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';

export interface AssetLookOptions {
  db: Database;
  log: Logger;
  everyMs: number;
  /** Something about this Asset is not as it was. */
  found(assetId: string): void;
  /** Assets that somebody believes to be there. */
  told(): readonly string[];
}

/** Clocks of nodes differ, and what is written is seen when its transaction ends. Milliseconds. */
const OVERLAP_MS = 10_000;
/** Of one look: what is more is found by the next ones. */
const MAX_ROWS = 500;

/** Looks now and then for what other nodes on the same database have changed. */
export class AssetLook {
  readonly #options: AssetLookOptions;
  readonly #timer: NodeJS.Timeout;
  /** When the Assets that were changed lately were changed. */
  #assets = new Map<string, string>();
  /** How far jobs are. */
  #jobs = new Map<string, string>();
  #since = iso(-OVERLAP_MS);
  #isLooking = false;

  constructor(options: AssetLookOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.everyMs);
    void this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const assets = await this.#changedAssets();
      const jobs = await this.#runningJobs();
      for (const id of await this.#deletedAssets()) this.#options.found(id);
      // The first look finds what changed just before, too: it harms nobody to be told that once more.
      for (const id of [...differing(this.#assets, assets), ...differing(this.#jobs, jobs)]) {
        this.#options.found(id);
      }
      this.#assets = assets;
      this.#jobs = jobs;
    } catch (err) {
      this.#options.log.warn({ err }, 'changes of other nodes could not be read');
    } finally {
      this.#isLooking = false;
    }
  }

  async #changedAssets(): Promise<Map<string, string>> {
    const since = this.#since;
    this.#since = iso(-OVERLAP_MS);
    const rows = await this.#options.db
      .selectFrom('assets')
      .select(['id', 'updatedAt'])
      .where('updatedAt', '>', since)
      .orderBy('updatedAt', 'desc')
      .limit(MAX_ROWS)
      .execute();
    return new Map(rows.map(({ id, updatedAt }) => [id, updatedAt]));
  }

  async #deletedAssets(): Promise<string[]> {
    const told = [...new Set(this.#options.told())].slice(0, MAX_ROWS);
    if (told.length === 0) return [];
    const query = this.#options.db.selectFrom('assets').select('id').where('id', 'in', told);
    const there = new Set((await query.execute()).map(({ id }) => id));
    return told.filter((id) => !there.has(id));
  }

  async #runningJobs(): Promise<Map<string, string>> {
    const rows = await this.#options.db
      .selectFrom('jobs')
      .select(['assetId', 'progress', 'step'])
      .where('state', '=', 'running')
      .limit(MAX_ROWS)
      .execute();
    return new Map(
      rows.flatMap(({ assetId, progress, step }) =>
        assetId === null ? [] : [[assetId, `${progress} ${step}`] as const],
      ),
    );
  }
}

/** Those that are new or not as they were. */
function differing(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): string[] {
  return [...now].filter(([id, state]) => before.get(id) !== state).map(([id]) => id);
}

function iso(fromNowMs: number): string {
  return new Date(Date.now() + fromNowMs).toISOString();
}
