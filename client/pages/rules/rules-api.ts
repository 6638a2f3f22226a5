import * as z from 'zod';
import { type AccessRules, accessRulesSchema } from '../../../signaling/contract/index.ts';
import { call } from '../api.ts';
import type { RulesChanges } from './rules-draft.ts';

/** What has rules. */
export type Thing = { kind: 'channels' | 'assets'; id: string; title: string };

const answerSchema = accessRulesSchema.extend({
  hasPassword: z.boolean(),
  /** What `embedSites: null` comes to. */
  defaultSites: z.array(z.string()).optional(),
});
export type RulesAnswer = z.output<typeof answerSchema>;

const defaultsSchema = z.object({ channels: accessRulesSchema, assets: accessRulesSchema });
export type RulesDefaults = z.output<typeof defaultsSchema>;

export async function getRules({ kind, id }: Thing): Promise<RulesAnswer> {
  return answerSchema.parse(await call('GET', `/${kind}/${id}/rules`));
}

export async function changeRules(
  { kind, id }: Thing,
  changes: RulesChanges,
): Promise<RulesAnswer> {
  return answerSchema.parse(await call('PATCH', `/${kind}/${id}/rules`, changes));
}

/** What new ones begin with. */
export async function getDefaults(): Promise<RulesDefaults> {
  return defaultsSchema.parse(await call('GET', '/rules'));
}

export async function changeDefaults(
  changes: Partial<Record<keyof RulesDefaults, Partial<AccessRules>>>,
): Promise<RulesDefaults> {
  return defaultsSchema.parse(await call('PATCH', '/rules', changes));
}
