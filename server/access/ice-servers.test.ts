import { describe, expect, test } from '@jest/globals';
import { IceServers, turnCredentials } from './ice-servers.ts';

const SECRET = 'a secret that the relay knows, too';
const NOW = Date.UTC(2026, 10, 23);

describe('the relays that clients are told', () => {
  test('credentials are for an hour at most, and the relay can check them by the secret', () => {
    const { username, credential } = turnCredentials(SECRET, NOW + 999);
    const [expires, name] = username.split(':');
    expect(Number(expires)).toBe(NOW / 1_000 + 3_600);
    expect(name).toMatch(/^[\w-]{12}$/);
    // HMAC-SHA1 in base64.
    expect(credential).toMatch(/^[\w+/]{27}=$/);
    expect(turnCredentials(`${SECRET}!`, NOW).credential).not.toBe(credential);
  });

  test('a known pair of name and password', async () => {
    // As coturn's documentation computes it: base64(hmac-sha1(secret, name)).
    const { username, credential } = turnCredentials(SECRET, NOW);
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(SECRET),
      { name: 'HMAC', hash: 'SHA-1' },
      false,
      ['sign'],
    );
    const signed = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(username));
    expect(credential).toBe(Buffer.from(signed).toString('base64'));
  });

  test('every connection has its own, for all relays', () => {
    const urls = ['turn:relay.example.org?transport=udp', 'turns:relay.example.org'];
    const fixed = [{ urls: 'stun:stun.example.org' }];
    const servers = new IceServers({ fixed, turn: { urls, secret: SECRET } });
    const [one, other] = [servers.forOne(NOW), servers.forOne(NOW)];
    expect(one.map((server) => server.urls)).toEqual(['stun:stun.example.org', ...urls]);
    expect(one[0]).toEqual(fixed[0]);
    expect(one[1]?.username).toBe(one[2]?.username);
    expect(one[1]?.username).not.toBe(other[1]?.username);
    expect(JSON.stringify(one)).not.toContain(SECRET);
  });

  test('without a relay there is what the setting names, and nothing else', () => {
    expect(new IceServers({ fixed: [], turn: undefined }).forOne()).toEqual([]);
  });
});
