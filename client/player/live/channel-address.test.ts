import { describe, expect, test } from '@jest/globals';
import { parseChannelAddress } from './channel-address.ts';

const PAGE = 'https://page.example/some/where?x=1';

describe('parseChannelAddress', () => {
  test.each([
    ['demo', 'demo', 'wss://page.example/signal'],
    ['/watch/demo', 'demo', 'wss://page.example/signal'],
    ['/embed/demo/', 'demo', 'wss://page.example/signal'],
    ['/watch/demo?muted=1#x', 'demo', 'wss://page.example/signal'],
    ['https://other.example/watch/a-b', 'a-b', 'wss://other.example/signal'],
    ['http://localhost:8080/watch/demo', 'demo', 'ws://localhost:8080/signal'],
  ])('%s', (src, channelId, signalUrl) => {
    expect(parseChannelAddress(src, PAGE)).toEqual({ channelId, signalUrl });
  });

  test.each(['', 'Demo', '/library', '/watch/', '/watch/Nö', 'ftp://x/watch/demo', 'http://['])(
    'refuses "%s"',
    (src) => {
      expect(() => parseChannelAddress(src, PAGE)).toThrow(/not the address of a channel/);
    },
  );
});
