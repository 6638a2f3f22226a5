import { errors } from 'jose';
import type { TokenFault } from './claims.ts';

/** A token that is none, found by ourselves. */
export class TokenRefusal extends Error {
  readonly fault: TokenFault;

  constructor(fault: TokenFault) {
    super(`a token is refused: ${fault}`);
    this.name = 'TokenRefusal';
    this.fault = fault;
  }
}

/** By the codes of jose. */
const FAULTS: Record<string, TokenFault> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm',
  ERR_JOSE_NOT_SUPPORTED: 'algorithm',
  ERR_JWKS_NO_MATCHING_KEY: 'key',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'key',
  ERR_JWK_INVALID: 'key',
  ERR_JWKS_INVALID: 'key',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JWS_INVALID: 'malformed',
  ERR_JWT_INVALID: 'malformed',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'claims',
  ERR_JWT_EXPIRED: 'claims',
};

/** What is wrong with a token; undefined where the error says something else. */
export function faultOf(error: unknown): TokenFault | undefined {
  if (error instanceof TokenRefusal) return error.fault;
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'audience';
  return error instanceof errors.JOSEError ? FAULTS[error.code] : undefined;
}
