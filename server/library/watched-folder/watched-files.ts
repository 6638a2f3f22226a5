import type { Database } from '../../store/database.ts';

/** A file of the watched folder, as far as it makes one file another. */
export interface WatchedFile {
  /** From the folder on. */
  path: string;
  bytes: number;
  /** Milliseconds since the Unix epoch. */
  modifiedMs: number;
}

/** What was taken from one watched folder. */
export class WatchedFiles {
  readonly #db: Database;
  readonly #place: string;

  constructor(db: Database, place: string) {
    this.#db = db;
    this.#place = place;
  }

  async list(): Promise<WatchedFile[]> {
    return this.#db
      .selectFrom('watchedFiles')
      .select(['path', 'bytes', 'modifiedMs'])
      .where('place', '=', this.#place)
      .execute();
  }

  /** @returns whether it was not taken before, as it is now: of several servers one is told so */
  async take(file: WatchedFile, trx: Database): Promise<boolean> {
    const row = await trx
      .insertInto('watchedFiles')
      .values({ ...file, place: this.#place, assetId: null })
      .onConflict((conflict) =>
        conflict
          .columns(['place', 'path'])
          .doUpdateSet({ bytes: file.bytes, modifiedMs: file.modifiedMs, assetId: null })
          .where((known) =>
            known.or([
              known('watchedFiles.bytes', '!=', file.bytes),
              known('watchedFiles.modifiedMs', '!=', file.modifiedMs),
            ]),
          ),
      )
      .returning('path')
      .executeTakeFirst();
    return row !== undefined;
  }

  async name(path: string, assetId: string, trx: Database): Promise<void> {
    await trx
      .updateTable('watchedFiles')
      .set({ assetId })
      .where('place', '=', this.#place)
      .where('path', '=', path)
      .execute();
  }
}
