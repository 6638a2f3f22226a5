import * as z from 'zod';
import { CONTEXT, type OutsideCall } from './player-js.ts';

/**
 * For pages that speak no protocol with the frame: `{ type: 'sfumato:token', token }` to it, and
 * `{ type: 'sfumato:tokenexpiring', secondsLeft }` from it, as plain objects.
 */
const messageSchema = z.object({ type: z.literal('sfumato:token'), token: z.string().max(4_096) });

/** @returns null for what is no such message */
export function readTokenMessage(data: unknown): OutsideCall | null {
  const { token } = messageSchema.safeParse(data).data ?? {};
  return token === undefined ? null : { context: CONTEXT, method: 'setToken', value: token };
}

/** @param detail of the player's event */
export function writeTokenExpiring(detail: unknown): object {
  return {
    type: 'sfumato:tokenexpiring',
    ...z.object({ secondsLeft: z.number() }).safeParse(detail).data,
  };
}
