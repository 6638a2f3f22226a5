/** Makes a self-signed certificate: `node make-certificate.mjs KEY_FILE CERT_FILE DAYS NAME...`. */
import { renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

const DAY_MS = 86_400_000;
const [keyFile = '', certFile = '', days = '', ...names] = process.argv.slice(2);
const now = Date.now();

// GeneralName tags of RFC 5280 section 4.2.1.6: 2 is dNSName, 7 is iPAddress.
const altNames = names.map((name) =>
  isIP(name)
    ? { type: /** @type {const} */ (7), ip: name }
    : { type: /** @type {const} */ (2), value: name },
);

const made = await generate([{ name: 'commonName', value: 'Sfumato development' }], {
  keyType: 'ec',
  curve: 'P-256',
  algorithm: 'sha256',
  // An hour ago: clocks differ.
  notBeforeDate: new Date(now - DAY_MS / 24),
  notAfterDate: new Date(now + Number(days) * DAY_MS),
  extensions: [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames },
  ],
});

writeFileSync(`${keyFile}.new`, made.private, { mode: 0o600 });
writeFileSync(`${certFile}.new`, made.cert);
renameSync(`${keyFile}.new`, keyFile);
renameSync(`${certFile}.new`, certFile);
