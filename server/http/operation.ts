import { z } from 'zod';
import type { ErrorCode } from '../../signaling/contract/index.ts';
import type { AuditAction } from '../access/audit/actions.ts';
import type { Scope } from '../access/principal.ts';

/** One thing that can be asked of the API: the router does what it says, and the document is made of it. */
export interface Operation<
  P extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, in the words of express. */
  path: string;
  summary: string;
  /** What one must be allowed to; none where everybody may. */
  scope?: Scope;
  /** Whoever is logged in may, whatever their role; of tokens such as may do everything. */
  signedIn?: true;
  /** As what it is written down, when it was done. */
  audit?: AuditAction;
  /** The stream key of the Channel that is named will do as well. */
  streamKey?: true;
  /** Pages of other sites may ask it, too; there it is asked by nobody in particular. */
  anySite?: true;
  /** Of a party: who has its host’s key may, and administrators. */
  hostKey?: true;
  /** Bytes that come as they are, read by the handler itself, and at most so many. */
  uploadBytes?: number;
  /** The most bytes of the body, where it may be longer than usual. */
  bodyBytes?: number;
  params: P;
  /** What stands behind the `?`: texts, or lists of them. */
  query: Q;
  body: B;
  result: R;
  /** Media types of what the handler answers by itself, in place of JSON. */
  answerTypes?: readonly string[];
  status: 200 | 201 | 204 | 302;
  /** Beyond those that follow from the rest. */
  errors: readonly ErrorCode[];
}

/** How a host’s key is sent: a header of a request. */
export const HOST_KEY_HEADER = 'Host-Key';

/** There is none of it. */
export const none = z.void();

export function isNone(schema: z.ZodType): boolean {
  return schema instanceof z.ZodVoid;
}

/** What most have not. */
export const plain = { params: none, query: none, body: none, result: none, errors: [] };
