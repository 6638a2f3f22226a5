import { describe, expect, test } from '@jest/globals';
import { channelIdSchema } from '../../../signaling/contract/index.ts';
import { addressOf, broadcasterLink, whipUrl } from './admin-words.ts';

describe('addressOf', () => {
  test.each([
    ['Élan Vital!', 'elan-vital'],
    ['  Studio  2 ', 'studio-2'],
    ['日本', ''],
    ['', ''],
  ])('%j -> %j', (title, address) => {
    expect(addressOf(title)).toBe(address);
  });

  test('of a long title is still a valid one', () => {
    expect(channelIdSchema.safeParse(addressOf('ab '.repeat(50))).success).toBe(true);
  });
});

test('links keep the key where no server sees it', () => {
  expect(broadcasterLink('https://a.example', 'one', 'sk_x')).toBe(
    'https://a.example/broadcast/one#key=sk_x',
  );
  expect(whipUrl('https://a.example', 'one')).toBe('https://a.example/whip/one');
});
