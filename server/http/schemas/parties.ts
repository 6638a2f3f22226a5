import { z } from 'zod';
import {
  hostKeySchema,
  libraryIdSchema,
  partyIdSchema,
  partySchema,
  partySteeringSchema,
  positionSchema,
} from '../../../signaling/contract/index.ts';

export const partyParamsSchema = z.object({ id: partyIdSchema });

export const createPartySchema = z.strictObject({
  assetId: libraryIdSchema,
  steering: partySteeringSchema.default('host').describe('Who may play, pause and seek for all.'),
  position: positionSchema.default(0).describe('Where it begins, seconds; it waits there.'),
});

export const createdPartySchema = partySchema.extend({
  url: z.url().describe('The link: who has it, and may watch the Asset, may come.'),
  hostKey: hostKeySchema.describe('Proves that one is the host. It is told this once.'),
});

export const updatePartySchema = z.strictObject({ steering: partySteeringSchema });
