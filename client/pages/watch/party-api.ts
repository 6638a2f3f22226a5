import * as z from 'zod';
import {
  hostKeySchema,
  type PartySteering,
  partySchema,
  wireErrorSchema,
} from '../../../signaling/contract/index.ts';
import { call, Refused } from '../api.ts';

const createdSchema = partySchema.extend({ hostKey: hostKeySchema });

/** @param position where it begins, seconds. @returns its id, and what proves that one is its host. @throws Refused */
export async function openParty(
  assetId: string,
  { steering, position }: { steering: PartySteering; position: number },
): Promise<{ id: string; hostKey: string }> {
  return createdSchema.parse(await call('POST', '/parties', { assetId, steering, position }));
}

/** @throws Refused */
export async function setSteering(
  id: string,
  steering: PartySteering,
  hostKey: string,
): Promise<void> {
  await asHost('PATCH', id, hostKey, { steering });
}

/** @throws Refused */
export async function endParty(id: string, hostKey: string): Promise<void> {
  await asHost('DELETE', id, hostKey);
}

async function asHost(
  method: 'PATCH' | 'DELETE',
  id: string,
  hostKey: string,
  body?: object,
): Promise<void> {
  const answer = await fetch(`/api/v1/parties/${id}`, {
    method,
    headers: { 'Host-Key': hostKey, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return;
  throw new Refused(z.object({ error: wireErrorSchema }).parse(await answer.json()).error);
}

/** Of this tab only: a link to the party says nothing of it. */
export function keepHostKey(id: string, hostKey: string): void {
  try {
    sessionStorage.setItem(nameOf(id), hostKey);
  } catch (error) {
    console.debug('sfumato: not kept', error);
  }
}

export function hostKeyOf(id: string): string | null {
  try {
    const key = hostKeySchema.safeParse(sessionStorage.getItem(nameOf(id)));
    return key.success ? key.data : null;
  } catch (error) {
    console.debug('sfumato: not kept', error);
    return null;
  }
}

const nameOf = (id: string) => `sfumato.party.${id}`;
