import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers of every answer. Nothing is loaded from elsewhere and no other site may frame our pages.
 * Left to the reverse proxy that ends TLS: Strict-Transport-Security, which would lock people out of a
 * server with a development certificate, and upgrading of plain HTTP, which works on a local network.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // media-chrome and lit write <style> elements into their shadow roots.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
}
