import { describe, expect, test } from '@jest/globals';
import type { Embeddable } from './embeddable.ts';
import { asXml, oembedOf } from './oembed-answer.ts';
import { pageHead, withHead } from './page-head.ts';

const ORIGIN = 'https://v.example';
const film: Embeddable = {
  id: 'ABCDEFGHIJKLMNO2',
  title: 'Waves & “wind”',
  description: '',
  kind: 'video',
  size: { width: 1920, height: 1080 },
  duration: 61.6,
  createdAt: '2026-01-02T03:04:05.000Z',
  listed: true,
  still: { path: '/p.jpg', type: 'image/jpeg', width: 1280, height: 720 },
  image: undefined,
};

describe('oembedOf', () => {
  test('never more than the site has room for, in its proportions', () => {
    expect(oembedOf(film, ORIGIN, { width: 480 })).toMatchObject({
      type: 'video',
      width: 480,
      height: 270,
      thumbnail_width: 480,
      thumbnail_height: 270,
    });
    expect(oembedOf(film, ORIGIN, { height: 90 })).toMatchObject({ width: 160, height: 90 });
    expect(oembedOf(film, ORIGIN, {})).toMatchObject({ width: 1280, height: 720 });
  });

  test.each([
    ['channel', undefined, 'video'],
    ['audio', undefined, 'rich'],
    ['image', { path: '/i.webp', type: 'image/webp', width: 800, height: 600 }, 'photo'],
  ] as const)('%s', (kind, image, type) => {
    expect(oembedOf({ ...film, kind, image }, ORIGIN, {})).toMatchObject({ type });
  });

  test('a title in XML is text', () => {
    const xml = asXml(oembedOf({ ...film, title: '</title><x>&' }, ORIGIN, {}));
    expect(xml).toContain('<title>&lt;/title&gt;&lt;x&gt;&amp;</title>');
  });
});

describe('pageHead', () => {
  const page =
    '<head><title>Watch · Sfumato</title>\n<meta name="description" content="old" />\n</head>';

  test('takes the place of title and description', () => {
    const html = withHead(page, pageHead(film, ORIGIN));
    expect(html).toContain('<title>Waves &amp; “wind” · Sfumato</title>');
    expect(html).not.toContain('old');
    expect(html).toContain('type="application/json+oembed"');
    expect(html).toContain(
      'property="og:video" content="https://v.example/embed/ABCDEFGHIJKLMNO2"',
    );
    expect(html).toContain('name="twitter:card" content="player"');
    expect(html).toContain('"duration":"PT62S"');
    expect(html).not.toContain('noindex');
  });

  test('what is unlisted is found by nobody', () => {
    expect(pageHead({ ...film, listed: false }, ORIGIN)).toContain('content="noindex"');
  });

  test('a title can end no element and no script', () => {
    const title = '</script><script>alert(1)</script>$&"';
    const html = withHead(page, pageHead({ ...film, title, description: title }, ORIGIN));
    expect(html).not.toContain('<script>');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
  });
});
