import { type AccessRules, accessRulesSchema, OPEN_RULES } from '../../signaling/contract/index.ts';
import { demandConsistent } from '../rights/consistent-rules.ts';
import type { Database } from '../store/database.ts';

/** What new things begin with. */
export type DefaultRules = Record<'channels' | 'assets', AccessRules>;

const BUILT_IN: DefaultRules = {
  channels: OPEN_RULES,
  assets: { ...OPEN_RULES, visibility: 'private' },
};

/** The rules that new Channels and Assets begin with, in the database. */
export class RulesOfNew {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @param db a transaction, where the question is asked in one */
  async get(db: Database = this.#db): Promise<DefaultRules> {
    const rows = await db.selectFrom('defaultRules').selectAll().execute();
    const kept = rows.map(({ kind, rules }) => [kind, accessRulesSchema.parse(JSON.parse(rules))]);
    return { ...BUILT_IN, ...Object.fromEntries(kept) };
  }

  /** @throws SfumatoError `badRequest` for rules that do not go together, such as a password that nothing new has */
  async set(
    changes: Partial<Record<keyof DefaultRules, Partial<AccessRules> | undefined>>,
  ): Promise<DefaultRules> {
    const present = await this.get();
    for (const kind of ['channels', 'assets'] as const) {
      if (changes[kind] === undefined) continue;
      present[kind] = { ...present[kind], ...changes[kind] };
      demandConsistent(present[kind], false);
    }
    const values = (['channels', 'assets'] as const).map((kind) => ({
      kind,
      rules: JSON.stringify(present[kind]),
    }));
    await this.#db
      .insertInto('defaultRules')
      .values(values)
      .onConflict((conflict) =>
        conflict.column('kind').doUpdateSet((row) => ({ rules: row.ref('excluded.rules') })),
      )
      .execute();
    return present;
  }
}
