import type { Request } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';

/**
 * Where this server is for others: the setting, else as it was asked. Ends without a slash.
 *
 * @throws SfumatoError `badRequest` where the Host header names no host
 */
export function originOf(request: Request, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  const url = URL.parse(`${request.protocol}://${request.get('host') ?? 'localhost'}`);
  if (url !== null) return url.origin;
  throw new SfumatoError('badRequest', 'The Host header names no host.');
}
