import { expect, test } from '@jest/globals';
import { siteAround } from './site-around.ts';

const framed = {
  isFramed: true,
  origin: 'https://video.example',
  ancestors: ['https://site.example', 'https://outer.example'],
  referrer: 'https://referrer.example/page',
};

test.each<[string, Partial<typeof framed> | { ancestors: undefined }, string | undefined]>([
  ['the nearest', {}, 'https://site.example'],
  [
    'the referrer, where the browser tells no more',
    { ancestors: undefined },
    'https://referrer.example',
  ],
  ['one that hides itself', { ancestors: ['null'] }, undefined],
  [
    'one that hides itself, from the referrer too',
    { ancestors: undefined, referrer: '' },
    undefined,
  ],
  ['its own site', { ancestors: ['https://video.example'] }, undefined],
  ['no frame', { isFramed: false }, undefined],
])('%s', (_name, facts, site) => {
  expect(siteAround({ ...framed, ...facts })).toBe(site);
});
