import { type Operation, plain } from './operation.ts';
import { libraryParamsSchema } from './schemas/library.ts';
import {
  positionAnswerSchema,
  positionListQuerySchema,
  positionListSchema,
  putPositionSchema,
} from './schemas/positions.ts';

/** How far somebody has come. It is kept for people who are logged in: a token is no person, and is refused. */
export const POSITION_OPERATIONS = {
  listPositions: {
    ...plain,
    method: 'get',
    path: '/positions',
    summary: 'What was begun and can be gone on with. Of a login, not of a token.',
    status: 200,
    signedIn: true,
    query: positionListQuerySchema,
    result: positionListSchema,
  },
  getPosition: {
    ...plain,
    method: 'get',
    path: '/assets/:id/position',
    summary: 'How far one has come in it. Of a login, not of a token.',
    status: 200,
    signedIn: true,
    params: libraryParamsSchema,
    result: positionAnswerSchema,
    errors: ['notFound'],
  },
  putPosition: {
    ...plain,
    method: 'put',
    path: '/assets/:id/position',
    summary: 'Keeps how far one has come; the end counts as watched, and nothing is kept of it.',
    status: 200,
    signedIn: true,
    params: libraryParamsSchema,
    body: putPositionSchema,
    result: positionAnswerSchema,
    errors: ['notFound'],
  },
  forgetPosition: {
    ...plain,
    method: 'delete',
    path: '/assets/:id/position',
    summary: 'Forgets how far one has come in it.',
    status: 204,
    signedIn: true,
    params: libraryParamsSchema,
    errors: ['notFound'],
  },
} satisfies Record<string, Operation>;
