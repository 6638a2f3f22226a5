import * as z from 'zod';
import {
  type Asset,
  type Begun,
  begunSchema,
  watchPositionSchema,
  worthKeeping,
} from '../../../signaling/contract/index.ts';
import { call, Refused } from '../api.ts';
import { getAsset } from '../library/library-api.ts';
import { loadPositions, storePosition } from './local-positions.ts';
import type { Session } from '../session.ts';

/** Where it is kept how far somebody has come. */
export interface PositionStore {
  /** Seconds; 0 where there is nothing to go on with. */
  get(assetId: string): Promise<number>;
  /** Goes on when the page is left. */
  put(asset: Asset, seconds: number): Promise<void>;
  forget(assetId: string): Promise<void>;
  /** The last first. */
  list(limit: number): Promise<Begun[]>;
}

const answerSchema = z.object({ position: watchPositionSchema.nullable() });
const listSchema = z.object({ positions: z.array(begunSchema) });

/** Of whoever is logged in: on the server, for all of their devices. */
const ofPerson: PositionStore = {
  async get(id) {
    return answerSchema.parse(await call('GET', `/assets/${id}/position`)).position?.seconds ?? 0;
  },
  async put({ id }, seconds) {
    const body = { seconds, updatedAt: new Date().toISOString() };
    await call('PUT', `/assets/${id}/position`, body, { keepalive: true });
  },
  async forget(id) {
    await call('DELETE', `/assets/${id}/position`);
  },
  async list(limit) {
    return listSchema.parse(await call('GET', `/positions?limit=${limit}`)).positions;
  },
};

/** Of everybody else: in this browser. */
const ofBrowser: PositionStore = {
  get: async (id) => loadPositions().find((one) => one.id === id)?.seconds ?? 0,
  put: async (asset, seconds) => storePosition(asset.id, worthKeeping(seconds, asset)),
  forget: async (id) => storePosition(id, 0),
  async list(limit) {
    const found = await Promise.all(loadPositions().slice(0, limit).map(asBegun));
    return found.filter((one) => one !== null);
  },
};

export function positionsOf({ id }: Pick<Session, 'id'>): PositionStore {
  return id === null ? ofBrowser : ofPerson;
}

/** What is not there any more is forgotten. @returns null where it cannot be shown */
async function asBegun(kept: { id: string; seconds: number; at: number }): Promise<Begun | null> {
  const { id, seconds, at } = kept;
  try {
    return { asset: await getAsset(id), seconds, updatedAt: new Date(at).toISOString() };
  } catch (error) {
    console.debug('sfumato: what was begun', error);
    if (error instanceof Refused && error.code === 'notFound') storePosition(id, 0);
    return null;
  }
}
