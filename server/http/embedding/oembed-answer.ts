import { embedSnippet, type Size, sizeWithin } from '../../../signaling/contract/index.ts';
import { escapeText } from '../../../signaling/contract/index.ts';
import type { Embeddable } from './embeddable.ts';

/** oEmbed 1.0, section 2.3.4 (https://oembed.com): names and values as they stand in the answer. */
export type OembedAnswer = Record<string, string | number>;

const PROVIDER = 'Sfumato';
/** Seconds that a site may keep the answer: titles and rights change. */
const CACHE_SECONDS = 3_600;

/**
 * @param origin of this server
 * @param most what the site has room for, pixels; never more than that is answered
 */
export function oembedOf(thing: Embeddable, origin: string, most: Partial<Size>): OembedAnswer {
  return {
    version: '1.0',
    title: thing.title,
    provider_name: PROVIDER,
    provider_url: origin,
    cache_age: CACHE_SECONDS,
    ...(thing.image === undefined ? framed(thing, origin, most) : photo(thing.image, origin, most)),
    ...thumbnail(thing, origin, most),
  };
}

function framed(thing: Embeddable, origin: string, most: Partial<Size>): OembedAnswer {
  const size = sizeWithin(thing.size, { ...DEFAULT_MOST, ...most });
  const url = `${origin}/embed/${thing.id}`;
  return {
    type: thing.kind === 'audio' ? 'rich' : 'video',
    ...size,
    html: embedSnippet({ url, title: thing.title, ...size }),
  };
}

/** Where the site says nothing of its room. */
const DEFAULT_MOST = { width: 1280, height: 720 };

function photo(
  image: NonNullable<Embeddable['image']>,
  origin: string,
  most: Partial<Size>,
): OembedAnswer {
  return { type: 'photo', url: origin + image.path, ...sizeWithin(image, most) };
}

function thumbnail({ still }: Embeddable, origin: string, most: Partial<Size>): OembedAnswer {
  if (still === undefined) return {};
  const { width, height } = sizeWithin(still, most);
  return {
    thumbnail_url: origin + still.path,
    thumbnail_width: width,
    thumbnail_height: height,
  };
}

export function asXml(answer: OembedAnswer): string {
  const lines = Object.entries(answer).map(
    ([name, value]) => `  <${name}>${escapeText(String(value))}</${name}>`,
  );
  return `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>\n${lines.join('\n')}\n</oembed>\n`;
}
