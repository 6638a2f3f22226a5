import { z } from 'zod';
import { type Role, ROLES } from '../../../signaling/contract/index.ts';
import type { RoleSettings } from './oidc-settings.ts';

/** What the other service says of somebody. */
export type Claims = Readonly<Record<string, unknown>>;

const MAX_NAME = 64;
const textSchema = z.string().min(1);
const valuesSchema = z.union([z.string().transform((one) => [one]), z.array(z.unknown())]);

/**
 * The role of whoever has these claims: of several the one that may do most.
 *
 * @returns undefined for somebody who is to be refused
 */
export function roleOf(
  claims: Claims,
  { claim, byValue, otherwise }: RoleSettings,
): Role | undefined {
  const values = claim === undefined ? [] : valuesOf(claims, claim);
  const given = values.flatMap((value) => (Object.hasOwn(byValue, value) ? byValue[value] : []));
  const best = ROLES.find((role) => given.includes(role));
  return best ?? (otherwise === 'none' ? undefined : otherwise);
}

/** What they are called here, as far as nobody else is: `accountNameSchema` takes it. */
export function nameOf(claims: Claims): string {
  const said = ['preferred_username', 'email', 'name', 'sub']
    .map((claim) => textSchema.safeParse(claims[claim]).data)
    .map((text) => tidy(text ?? ''))
    .find((text) => text !== '');
  return said ?? 'somebody';
}

/** Another name for the same, where it is taken: `ada-2`. */
export function numbered(name: string, count: number): string {
  const ending = `-${count}`;
  return count === 1 ? name : name.slice(0, MAX_NAME - ending.length) + ending;
}

function tidy(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').trim();
  return line.toLowerCase().slice(0, MAX_NAME).trim();
}

/** A claim of that very name comes before one within another: `https://example.org/roles` has dots as well. */
function valuesOf(claims: Claims, path: string): string[] {
  const found = Object.hasOwn(claims, path) ? claims[path] : walk(claims, path.split('.'));
  const values = valuesSchema.safeParse(found).data ?? [];
  return values.filter((value) => typeof value === 'string');
}

function walk(claims: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) return claims;
  const inner = z.record(z.string(), z.unknown()).safeParse(claims).data;
  return inner !== undefined && Object.hasOwn(inner, name) ? walk(inner[name], rest) : undefined;
}
