import type { Request } from 'express';
import type { Caller } from '../access/people/logins.ts';

/** From where a request comes. */
export function callerOf(request: Request): Caller {
  return { address: request.ip ?? 'unknown', userAgent: request.get('User-Agent') };
}
