import { partySchema } from '../../signaling/contract/index.ts';
import { type Operation, plain } from './operation.ts';
import {
  createdPartySchema,
  createPartySchema,
  partyParamsSchema,
  updatePartySchema,
} from './schemas/parties.ts';

/** Watching together. What is private stays so: each one’s own right to the Asset is asked. */
export const PARTY_OPERATIONS = {
  createParty: {
    ...plain,
    method: 'post',
    path: '/parties',
    summary: 'Opens a party: one timeline for all who come.',
    status: 201,
    scope: 'library:read',
    body: createPartySchema,
    result: createdPartySchema,
    errors: ['notFound', 'conflict', 'tooMany', 'overloaded'],
  },
  getParty: {
    ...plain,
    method: 'get',
    path: '/parties/:id',
    summary: 'Where a party is, and how many are there; for who may watch its Asset.',
    status: 200,
    params: partyParamsSchema,
    result: partySchema,
    errors: ['notFound', 'forbidden'],
  },
  updateParty: {
    ...plain,
    method: 'patch',
    path: '/parties/:id',
    summary: 'Says who may steer.',
    status: 200,
    hostKey: true,
    params: partyParamsSchema,
    body: updatePartySchema,
    result: partySchema,
    errors: ['notFound', 'forbidden'],
  },
  endParty: {
    ...plain,
    method: 'delete',
    path: '/parties/:id',
    summary: 'Ends it. What people watch plays on, each for themselves.',
    status: 204,
    hostKey: true,
    params: partyParamsSchema,
    errors: ['notFound', 'forbidden'],
  },
} satisfies Record<string, Operation>;
