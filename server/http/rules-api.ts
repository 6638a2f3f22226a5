import type { z } from 'zod';
import type { AccessRules } from '../../signaling/contract/index.ts';
import type { Admissions } from '../access/admissions.ts';
import type { RulesOfNew } from '../access/default-rules.ts';
import { hashPassword } from '../access/passwords.ts';
import type { StoredChannels } from '../channels/stored-channels.ts';
import type { Assets } from '../library/assets.ts';
import type { Reader } from '../library/reader.ts';
import { rulesOf } from '../store/rules-columns.ts';
import type { Endpoints } from './endpoints.ts';
import { readerFor } from './library-reader.ts';
import { RULES_OPERATIONS } from './rules-operations.ts';
import type { changeRulesSchema } from './schemas/rules.ts';

export interface RulesSources {
  stored: StoredChannels;
  rulesOfNew: RulesOfNew;
  admissions: Admissions;
  /** What `embedSites: null` means; `*` for all. */
  embedSites: readonly string[];
}

/** `/rules`, `/channels/:id/rules` and `/assets/:id/rules`. */
export function rulesApi(endpoints: Endpoints, sources: RulesSources, assets: Assets): void {
  const { stored, rulesOfNew, admissions, embedSites } = sources;
  const answer = (found: { rules: AccessRules; hasPassword: boolean }) => {
    const { rules, hasPassword } = found;
    return { ...rules, hasPassword, defaultSites: [...embedSites] };
  };
  endpoints
    .on(RULES_OPERATIONS.getChannelRules, async ({ params }) =>
      answer(await stored.rulesOf(params.id)),
    )
    .on(RULES_OPERATIONS.changeChannelRules, async ({ params, body, note }) => {
      await stored.setRules(params.id, await asChange(body));
      admissions.check(({ thingId }) => thingId === params.id);
      note({ details: describe(body) });
      return answer(await stored.rulesOf(params.id));
    })
    .on(RULES_OPERATIONS.getAssetRules, async ({ params, visitor }) =>
      answer(await rulesOfAsset(assets, params.id, readerFor(visitor))),
    )
    .on(RULES_OPERATIONS.changeAssetRules, async ({ params, body, visitor, note }) => {
      const reader = readerFor(visitor);
      await assets.update(params.id, await asChange(body), reader);
      note({ details: describe(body) });
      return answer(await rulesOfAsset(assets, params.id, reader));
    })
    .on(RULES_OPERATIONS.getDefaultRules, () => rulesOfNew.get())
    .on(RULES_OPERATIONS.changeDefaultRules, ({ body, note }) => {
      note({ target: 'new' });
      return rulesOfNew.set(body);
    });
}

async function asChange({ password, ...rules }: z.output<typeof changeRulesSchema>) {
  if (password === undefined) return { rules };
  return { rules, passwordHash: password === null ? null : await hashPassword(password) };
}

/** @throws SfumatoError `notFound`; `forbidden` for who may only look at it */
async function rulesOfAsset(assets: Assets, id: string, reader: Reader) {
  await assets.demandChange(id, reader);
  const row = await assets.demandRow(id);
  return { rules: rulesOf(row), hasPassword: row.watchPasswordHash !== null };
}

/** What was changed, without the password. */
function describe({ visibility, password, ...rest }: z.output<typeof changeRulesSchema>) {
  const changed = [...Object.keys(rest), ...(password === undefined ? [] : ['password'])];
  return {
    ...(visibility !== undefined && { visibility }),
    ...(changed.length > 0 && { changed: changed.join(', ') }),
  };
}
