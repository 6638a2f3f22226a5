import { escapeText } from '../../../signaling/contract/index.ts';
import type { Embeddable } from './embeddable.ts';

/** ISO 8601 duration, whole seconds: `PT90S`. */
const durationOf = (seconds: number): string => `PT${Math.max(1, Math.round(seconds))}S`;

/**
 * What the watch page of a thing says to those that do not run scripts: its title, how it is embedded (oEmbed), how it
 * looks when somebody passes it on (Open Graph, https://ogp.me; Twitter's cards), and what it is (schema.org).
 */
export function pageHead(thing: Embeddable, origin: string): string {
  const tags = [
    `<title>${escapeText(thing.title)} · Sfumato</title>`,
    ...meta('name', { description: thing.description || thing.title, ...robots(thing) }),
    `<link rel="canonical" href="${escapeText(watchUrl(thing, origin))}" />`,
    ...discovery(thing, origin),
    ...meta('property', openGraph(thing, origin)),
    ...meta('name', twitterCard(thing, origin)),
    structuredData(thing, origin),
  ];
  return tags.join('\n    ');
}

const watchUrl = ({ id }: Embeddable, origin: string) => `${origin}/watch/${id}`;
const embedUrl = ({ id }: Embeddable, origin: string) => `${origin}/embed/${id}`;

/** What is unlisted is for those who have the address, and no search engine has. */
function robots({ listed }: Embeddable): Record<string, string> {
  return listed ? {} : { robots: 'noindex' };
}

function discovery(thing: Embeddable, origin: string): string[] {
  const of = encodeURIComponent(watchUrl(thing, origin));
  const title = escapeText(thing.title);
  return ['json', 'xml'].map((format) => {
    const type = format === 'json' ? 'application/json+oembed' : 'text/xml+oembed';
    const url = escapeText(`${origin}/oembed?url=${of}&format=${format}`);
    return `<link rel="alternate" type="${type}" href="${url}" title="${title}" />`;
  });
}

function openGraph(thing: Embeddable, origin: string): Record<string, string | number> {
  const { title, description, kind, size, still, image } = thing;
  const picture = image ?? still;
  const type = kind === 'image' ? 'website' : kind === 'audio' ? 'music.song' : 'video.other';
  return {
    'og:site_name': 'Sfumato',
    'og:type': type,
    'og:title': title,
    ...(description === '' ? {} : { 'og:description': description }),
    'og:url': watchUrl(thing, origin),
    ...(picture === undefined
      ? {}
      : {
          'og:image': origin + picture.path,
          'og:image:width': picture.width,
          'og:image:height': picture.height,
        }),
    ...(kind === 'image'
      ? {}
      : {
          'og:video': embedUrl(thing, origin),
          'og:video:secure_url': embedUrl(thing, origin),
          'og:video:type': 'text/html',
          'og:video:width': size.width,
          'og:video:height': size.height,
        }),
  };
}

function twitterCard(thing: Embeddable, origin: string): Record<string, string | number> {
  const { kind, size, still, image } = thing;
  const picture = image ?? still;
  // A player card must have a picture; without one only a summary is shown.
  if (kind === 'image' || picture === undefined) {
    return { 'twitter:card': picture === undefined ? 'summary' : 'summary_large_image' };
  }
  return {
    'twitter:card': 'player',
    'twitter:player': embedUrl(thing, origin),
    'twitter:player:width': size.width,
    'twitter:player:height': size.height,
    'twitter:image': origin + picture.path,
  };
}

const SCHEMA_TYPES = {
  channel: 'VideoObject',
  video: 'VideoObject',
  audio: 'AudioObject',
  image: 'ImageObject',
} as const;

/** schema.org as JSON-LD. It is data: no policy against scripts stands in its way. */
function structuredData(thing: Embeddable, origin: string): string {
  const { title, description, kind, duration, createdAt, still, image } = thing;
  const data = {
    '@context': 'https://schema.org',
    '@type': SCHEMA_TYPES[kind],
    name: title,
    description: description || title,
    url: watchUrl(thing, origin),
    embedUrl: kind === 'image' ? undefined : embedUrl(thing, origin),
    contentUrl: image === undefined ? undefined : origin + image.path,
    thumbnailUrl: still === undefined ? undefined : [origin + still.path],
    uploadDate: createdAt,
    duration: duration === undefined ? undefined : durationOf(duration),
    publication:
      kind === 'channel' ? { '@type': 'BroadcastEvent', isLiveBroadcast: true } : undefined,
  };
  // `<` in a text would end the element (HTML section 4.12.1.3).
  const text = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<script type="application/ld+json">${text}</script>`;
}

function meta(attribute: 'name' | 'property', values: Record<string, string | number>): string[] {
  return Object.entries(values).map(
    ([name, value]) => `<meta ${attribute}="${name}" content="${escapeText(String(value))}" />`,
  );
}

/** Puts the head of one thing into a page that is built for all: in the place of its title and description. */
export function withHead(page: string, head: string): string {
  return page
    .replace(/<meta name="description"[^>]*>\s*/, '')
    .replace(/<title>[^<]*<\/title>/, () => head);
}
