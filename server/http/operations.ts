import { z } from 'zod';
import type { ErrorCode } from '../../signaling/contract/index.ts';
import type { Scope } from '../access/principal.ts';
import {
  channelAnswerSchema,
  channelHealthSchema,
  channelListAnswerSchema,
  channelParamsSchema,
  createChannelSchema,
  createdChannelSchema,
  streamKeyAnswerSchema,
  updateChannelSchema,
  uploadProbeAnswerSchema,
} from './schemas/channels.ts';
import {
  loggedInSchema,
  loginSchema,
  sessionAnswerSchema,
  setupSchema,
} from './schemas/session.ts';
import {
  createdTokenSchema,
  createTokenSchema,
  tokenListSchema,
  tokenParamsSchema,
} from './schemas/tokens.ts';
import { UPLOAD_PROBE_LIMITS } from './upload-probe.ts';

/** One thing that can be asked of the API: the router does what it says, and the document is made of it. */
export interface Operation<
  P extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** Below `/api/v1`, in the words of express. */
  path: string;
  summary: string;
  /** What one must be allowed to; none where everybody may. */
  scope?: Scope;
  /** The stream key of the Channel that is named will do as well. */
  streamKey?: true;
  /** Bytes that come as they are, read by the handler itself, and at most so many. */
  uploadBytes?: number;
  params: P;
  body: B;
  result: R;
  status: 200 | 201 | 204;
  /** Beyond those that follow from the rest. */
  errors: readonly ErrorCode[];
}

/** There is none of it. */
const none = z.void();

export function isNone(schema: z.ZodType): boolean {
  return schema instanceof z.ZodVoid;
}

/** What most have not. */
const plain = { params: none, body: none, result: none, errors: [] };

export const OPERATIONS = {
  listChannels: {
    ...plain,
    method: 'get',
    path: '/channels',
    summary: 'What is on this server.',
    status: 200,
    result: channelListAnswerSchema,
  },
  createChannel: {
    ...plain,
    method: 'post',
    path: '/channels',
    summary: 'Creates a Channel with its first stream key.',
    scope: 'channels:write',
    body: createChannelSchema,
    result: createdChannelSchema,
    status: 201,
    errors: ['conflict'],
  },
  getChannel: {
    ...plain,
    method: 'get',
    path: '/channels/:id',
    summary: 'One Channel.',
    status: 200,
    params: channelParamsSchema,
    result: channelAnswerSchema,
    errors: ['notFound'],
  },
  updateChannel: {
    ...plain,
    method: 'patch',
    path: '/channels/:id',
    summary: 'Changes what is named.',
    status: 200,
    scope: 'channels:write',
    params: channelParamsSchema,
    body: updateChannelSchema,
    result: channelAnswerSchema,
    errors: ['notFound'],
  },
  deleteChannel: {
    ...plain,
    method: 'delete',
    path: '/channels/:id',
    summary: 'Deletes it and ends what is on air there.',
    status: 204,
    scope: 'channels:write',
    params: channelParamsSchema,
    errors: ['notFound'],
  },
  rotateStreamKey: {
    ...plain,
    method: 'post',
    path: '/channels/:id/stream-key',
    summary: 'Makes another stream key and ends whoever publishes with the old one.',
    status: 200,
    scope: 'channels:write',
    params: channelParamsSchema,
    result: streamKeyAnswerSchema,
    errors: ['notFound'],
  },
  getChannelHealth: {
    ...plain,
    method: 'get',
    path: '/channels/:id/health',
    summary: 'What arrives of the broadcast, and what is the matter with it.',
    status: 200,
    scope: 'channels:read',
    streamKey: true,
    params: channelParamsSchema,
    result: channelHealthSchema,
    errors: ['notFound'],
  },
  probeUpload: {
    ...plain,
    method: 'post',
    path: '/channels/:id/upload-probe',
    summary: 'Takes bytes and throws them away, so that a broadcaster can time its link.',
    status: 200,
    scope: 'channels:write',
    streamKey: true,
    uploadBytes: UPLOAD_PROBE_LIMITS.bytes,
    params: channelParamsSchema,
    result: uploadProbeAnswerSchema,
    errors: ['notFound', 'tooLarge', 'tooMany', 'timeout'],
  },
  getSession: {
    ...plain,
    method: 'get',
    path: '/session',
    summary: 'Who asks?',
    status: 200,
    result: sessionAnswerSchema,
  },
  logIn: {
    ...plain,
    method: 'post',
    path: '/session',
    summary: 'Logs in: the answer sets the cookie of the session.',
    status: 200,
    body: loginSchema,
    result: loggedInSchema,
    errors: ['unauthorized', 'forbidden', 'tooMany'],
  },
  logOut: {
    ...plain,
    method: 'delete',
    path: '/session',
    summary: 'Ends the session.',
    status: 204,
    errors: ['forbidden'],
  },
  setUp: {
    ...plain,
    method: 'post',
    path: '/setup',
    summary: 'Makes the first account and logs it in.',
    body: setupSchema,
    result: loggedInSchema,
    status: 201,
    errors: ['unauthorized', 'forbidden', 'tooMany'],
  },
  listTokens: {
    ...plain,
    method: 'get',
    path: '/tokens',
    summary: 'The API tokens, without their secrets.',
    status: 200,
    scope: 'admin',
    result: tokenListSchema,
  },
  createToken: {
    ...plain,
    method: 'post',
    path: '/tokens',
    summary: 'Makes an API token.',
    scope: 'admin',
    body: createTokenSchema,
    result: createdTokenSchema,
    status: 201,
  },
  revokeToken: {
    ...plain,
    method: 'delete',
    path: '/tokens/:id',
    summary: 'Ends an API token.',
    status: 204,
    scope: 'admin',
    params: tokenParamsSchema,
    errors: ['notFound'],
  },
} satisfies Record<string, Operation>;
