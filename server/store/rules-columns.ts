import { z } from 'zod';
import { type AccessRules, siteSchema } from '../../signaling/contract/index.ts';
import type { RulesColumns } from './tables.ts';

const sitesSchema = z.array(siteSchema);

/** The rules that stand in a row of a Channel or an Asset. */
export function rulesOf(
  row: Omit<RulesColumns, 'watchPasswordHash' | 'passwordVersion'>,
): AccessRules {
  const { visibility, embedSites, maxViewers, startsAt, endsAt } = row;
  return {
    ...{ visibility, maxViewers, startsAt, endsAt },
    embedSites: sitesOf(embedSites),
  };
}

/** The column `embedSites`. */
export function sitesOf(column: string | null): string[] | null {
  return column === null ? null : sitesSchema.parse(JSON.parse(column));
}

/** Times are kept in UTC, so that both databases compare them rightly. */
export function columnsOfRules(rules: Partial<AccessRules>): Partial<RulesColumns> {
  const { embedSites, startsAt, endsAt, ...asTheyAre } = rules;
  return {
    ...asTheyAre,
    ...(embedSites !== undefined && {
      embedSites: embedSites === null ? null : JSON.stringify(embedSites),
    }),
    ...(startsAt !== undefined && { startsAt: inUtc(startsAt) }),
    ...(endsAt !== undefined && { endsAt: inUtc(endsAt) }),
  };
}

function inUtc(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
