import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');

/** Sources without tests, by their paths. */
function sources(...folders: string[]): { path: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|-for-tests\.ts$/.test(name))
      .map((name) => join(folder, name).split(sep).join('/'))
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  );
}

/** The lines in which a source has this. */
function findings(pattern: RegExp, ...folders: string[]): string[] {
  return sources(...folders).flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => pattern.test(line) && !/^\s*(\/?\*|\/\/)/.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}

describe('what no source has', () => {
  test.each<[string, RegExp, string[]]>([
    ['1.3.2: code made of text', /\beval\(|new Function\(/, ['server', 'client', 'signaling']],
    [
      '1.2.1: HTML made of text',
      /\b(inner|outer)HTML\b\s*=|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\.write/,
      ['client'],
    ],
    ['1.2.5: a shell', /shell:\s*true|\bexec(Sync)?\b.*child_process/, ['server']],
    ['11.5.1: chance that can be guessed', /Math\.random/, ['server/access', 'server/http']],
    ['9.1.1: a signature that is not checked', /\balg:\s*['"]none|UnsecuredJWT/, ['server']],
    ['12.3.2: certificates that are not checked', /rejectUnauthorized|NODE_TLS_REJECT/, ['server']],
  ])('%s', (_name, pattern, folders) => {
    expect(findings(pattern, ...folders)).toEqual([]);
  });

  test('11.2.4: secrets are compared by their hashes, or in a time that says nothing', () => {
    // A comparison of two things of which one is called a secret.
    const secret = String.raw`\b\w*(secret|password|streamKey|hostKey|adminToken)\b`;
    const compared = new RegExp(`${secret}\\s*[!=]==\\s*(?!undefined|null|'|")\\w`, 'i');
    expect(findings(compared, 'server')).toEqual([]);
  });
});

describe('1.3.6, 13.2.4: what the server connects to', () => {
  /** Who does, and which setting of the operator says where to. */
  const OUTWARD: Record<string, string> = {
    'server/store/media-files/s3-media-files.ts': 'S3_ENDPOINT',
    'server/access/webhook/': 'ACCESS_WEBHOOK_URL',
    'server/access/passes/issuer-keys.ts': 'PLAYBACK_ISSUERS',
    'server/access/oidc/': 'OIDC_ISSUER',
  };
  const CONNECTS =
    /(^|[^.#\w])fetch\(|https?\.(get|request)\(|net\.connect\(|createConnection\(|createRemoteJWKSet\(|import\('@aws-sdk|from 'openid-client'|from 'node:(dns|http2)/;

  test('is what the operator has named, and nothing that a stranger can', () => {
    const elsewhere = findings(CONNECTS, 'server', 'signaling/server').filter(
      (line) => !Object.keys(OUTWARD).some((place) => line.startsWith(place)),
    );
    expect(elsewhere).toEqual([]);
  });

  test('each by a setting that is documented', () => {
    const settings = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8');
    for (const setting of Object.values(OUTWARD)) expect(settings).toContain(`\`${setting}\``);
  });
});
