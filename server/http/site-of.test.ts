import { expect, test } from '@jest/globals';
import { siteOf } from './site-of.ts';

const NONE = {
  origin: undefined,
  referer: undefined,
  fetchSite: undefined,
  fetchDest: undefined,
  host: 'video.example:8080',
  around: undefined,
};
const A = 'https://a.example';

test.each([
  ['a program', {}, undefined],
  ['a page of ours', { origin: 'http://video.example:8080' }, undefined],
  ['a page of ours, by its public name', { origin: 'https://v.example' }, undefined],
  ['another site', { origin: A }, A],
  [
    'the same host, another port',
    { origin: 'http://video.example:9090' },
    'http://video.example:9090',
  ],
  ['a sandboxed frame', { origin: 'null' }, 'null'],
  [
    'an image of another site',
    { fetchSite: 'cross-site', fetchDest: 'image', referer: `${A}/page` },
    A,
  ],
  ['one that says nothing more', { fetchSite: 'cross-site', fetchDest: 'video' }, 'null'],
  [
    'an image of ours',
    { fetchSite: 'same-origin', fetchDest: 'image', referer: `${A}/` },
    undefined,
  ],
  [
    'a link that is followed',
    { fetchSite: 'cross-site', fetchDest: 'document', referer: A },
    undefined,
  ],
  ['our page in a frame', { fetchSite: 'cross-site', fetchDest: 'iframe', referer: A }, undefined],
  ['our page in a frame, which says so', { origin: 'http://video.example:8080', around: A }, A],
  ['a frame on a page of ours', { around: 'https://v.example' }, undefined],
  ['what is no origin', { around: 'anything' }, undefined],
  ['a site that says that it is another', { origin: A, around: 'https://b.example' }, A],
])('%s', (_who, headers, site) => {
  expect(siteOf({ ...NONE, ...headers }, 'https://v.example')).toBe(site);
});
