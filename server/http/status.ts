import type { ErrorCode } from '../../signaling/contract/index.ts';

/** The HTTP status of every error code (RFC 9110 section 15, RFC 6585 section 4, RFC 4918 section 11.5). */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  badRequest: 400,
  unknownMethod: 405,
  tooLarge: 413,
  tooMany: 429,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  notJoined: 409,
  unsupportedMedia: 415,
  unsupportedProtocol: 400,
  overloaded: 503,
  unavailable: 503,
  noRoom: 507,
  timeout: 504,
  internal: 500,
};
