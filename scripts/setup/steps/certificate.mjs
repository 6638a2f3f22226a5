/** A certificate for development, because browsers give cameras and some codecs to HTTPS pages only. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../child.mjs';
import { readIfThere } from '../context.mjs';

const SCRIPT = fileURLToPath(new URL('../make-certificate.mjs', import.meta.url));
const DAY_MS = 86_400_000;
const VALID_DAYS = 365;
const RENEW_DAYS = 7;

/**
 * The names that the certificate is for. A host name that is none (RFC 1123 section 2.1) is left out.
 * @param {string} host
 */
export function certificateNames(host) {
  const names = ['localhost', '127.0.0.1', '::1'];
  const valid = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(host);
  return valid && !names.includes(host) ? [...names, host.toLowerCase()] : names;
}

/**
 * Whether a certificate may go on being used.
 * @param {string | undefined} key PEM
 * @param {string | undefined} cert PEM
 * @param {string[]} names that it must be for
 * @param {number} nowMs
 */
export function isGood(key, cert, names, nowMs) {
  if (!key || !cert) return false;
  try {
    const x509 = new X509Certificate(cert);
    const lasts = Date.parse(x509.validTo) - nowMs > RENEW_DAYS * DAY_MS;
    return (
      lasts &&
      names.every((name) => matches(x509, name)) &&
      x509.checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    // Not a certificate or not a key: a new pair is made.
    return false;
  }
}

/** @param {X509Certificate} x509 @param {string} name */
function matches(x509, name) {
  return (x509.checkHost(name) ?? x509.checkIP(name)) !== undefined;
}

/** @param {string} root */
function filesIn(root) {
  return { key: join(root, 'certs', 'dev-key.pem'), cert: join(root, 'certs', 'dev-cert.pem') };
}

/** @type {import('../set-up.mjs').Step} */
export const certificateStep = {
  title: 'Certificate',
  why: `making a self-signed certificate for HTTPS on this machine, because there is none that is valid for another ${RENEW_DAYS} days.`,
  scope: 'checkout',

  find({ root, settings }) {
    if (settings.TLS_CERT && settings.TLS_KEY) return {};
    const { key, cert } = filesIn(root);
    const names = certificateNames(hostname());
    const good = isGood(readIfThere(key), readIfThere(cert), names, Date.now());
    return good ? {} : undefined;
  },

  async run(context) {
    const { key, cert } = filesIn(context.root);
    const names = certificateNames(hostname());
    mkdirSync(dirname(key), { recursive: true });
    await run(context, context.node, [SCRIPT, key, cert, `${VALID_DAYS}`, ...names]);
  },
};
