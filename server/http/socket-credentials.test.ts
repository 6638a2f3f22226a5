import { describe, expect, test } from '@jest/globals';
import { addressOf, credentialsOf, type SocketRequest } from './socket-credentials.ts';

const COOKIES = 'a=1; sfumato=plain; __Host-sfumato=secure';

function request(
  headers: SocketRequest['headers'],
  more: Partial<SocketRequest> = {},
): SocketRequest {
  const common = { host: 'a.example', cookie: COOKIES };
  return {
    headers: { ...common, ...headers },
    remoteAddress: '9.9.9.9',
    encrypted: false,
    ...more,
  };
}

describe('as whom a socket was opened', () => {
  const own = { origin: 'http://a.example' };
  test.each<[string, SocketRequest, string | undefined, string | undefined]>([
    ['a page of this server', request(own), undefined, 'plain'],
    ['the same, over TLS', request(own, { encrypted: true }), undefined, 'secure'],
    ['a page of another site', request({ origin: 'http://b.example' }), undefined, undefined],
    ['an allowed one', request({ origin: 'http://b.example' }), 'http://c.example', undefined],
    ['a page at PUBLIC_URL', request({ origin: 'http://c.example' }), 'http://c.example', 'plain'],
    ['PUBLIC_URL is secure', request(own), 'https://c.example', 'secure'],
    [
      'the browser says that it is another site',
      request({ ...own, 'sec-fetch-site': 'cross-site' }),
      undefined,
      undefined,
    ],
    ['a program', request({}), undefined, undefined],
    ['an origin that is none', request({ origin: 'null' }), undefined, undefined],
    [
      'behind a proxy on this machine',
      request({ ...own, 'x-forwarded-proto': 'https' }, { remoteAddress: '::ffff:127.0.0.1' }),
      undefined,
      'secure',
    ],
    [
      'somebody else who says so',
      request({ ...own, 'x-forwarded-proto': 'https' }),
      undefined,
      'plain',
    ],
  ])('%s', (_name, asked, publicUrl, session) => {
    expect(credentialsOf(asked, publicUrl)).toEqual({ bearer: undefined, session });
  });

  test('a program with a token', () => {
    const asked = request({ authorization: 'Bearer abc', cookie: undefined });
    expect(credentialsOf(asked, undefined)).toEqual({ bearer: 'abc', session: undefined });
  });
});

test.each<[string, string, string | undefined, string | undefined]>([
  ['a stranger', '9.9.9.9', undefined, '9.9.9.9'],
  ['what a stranger says of itself', '9.9.9.9', '1.1.1.1', '9.9.9.9'],
  ['for whom a proxy on this machine speaks', '127.0.0.1', '1.1.1.1, 8.8.8.8', '8.8.8.8'],
  ['two proxies on this machine', '::1', '8.8.8.8, 127.0.0.1', '8.8.8.8'],
  ['a proxy that does not tell', '::ffff:127.0.0.1', undefined, undefined],
  ['this machine itself', '127.0.0.1', '', undefined],
])('the address of %s', (_name, remoteAddress, forwarded, address) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  expect(addressOf(request(headers, { remoteAddress }))).toBe(address);
});
