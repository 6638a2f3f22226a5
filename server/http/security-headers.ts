import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { frameAncestors } from './embedding/sites.ts';

/** What no page but the broadcast page may ask for (W3C Permissions Policy). */
const CAPTURE = ['camera', 'microphone', 'display-capture'];

/** `Permissions-Policy` of every answer, and of the page that broadcasts. */
const PERMISSIONS = {
  others: CAPTURE.map((feature) => `${feature}=()`).join(', '),
  broadcastPage: CAPTURE.map((feature) => `${feature}=(self)`).join(', '),
};

/** A page that may use camera, microphone and screen. */
export const allowCapture: RequestHandler = (_request, response, next) => {
  response.set('Permissions-Policy', PERMISSIONS.broadcastPage);
  next();
};

/** A page that these sites may show in a frame. */
export function allowFraming(response: Response, sites: readonly string[]): void {
  const policy = String(response.getHeader('Content-Security-Policy'));
  response.set(
    'Content-Security-Policy',
    policy.replace(/frame-ancestors [^;]*/, frameAncestors(sites)),
  );
  response.removeHeader('X-Frame-Options');
}

/**
 * Headers of every answer. Nothing is loaded from elsewhere and no other site may frame our pages but the one that is made for it.
 * Left to the reverse proxy that ends TLS: Strict-Transport-Security, which would lock people out of a
 * server with a development certificate, and upgrading of plain HTTP, which works on a local network.
 */
export function securityHeaders(): RequestHandler {
  const others = helmet({
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
  return (request, response, next) => {
    response.set('Permissions-Policy', PERMISSIONS.others);
    others(request, response, next);
  };
}
