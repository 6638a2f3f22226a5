import * as z from 'zod';

/**
 * What may stand behind the `?` of `/embed/:id`: the names that people know from other players, and their other
 * spellings. What is not known, or not understood, is passed over.
 */

const SWITCHED: Record<string, boolean> = {
  '': true,
  1: true,
  true: true,
  on: true,
  yes: true,
  0: false,
  false: false,
  off: false,
  no: false,
};

const onOff = z
  .string()
  .transform((text) => SWITCHED[text.toLowerCase()])
  .pipe(z.boolean());

const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/;
const UNITS = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/;

/** `90`, `90.5`, `1m30s`, `1h2m`, `1:30`, `1:02:03`. @returns seconds; undefined for anything else */
export function readTime(text: string): number | undefined {
  const found = CLOCK.exec(text) ?? UNITS.exec(text);
  if (found === null) return undefined;
  const [, hours, minutes, seconds] = found;
  return Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

const time = z.string().transform(readTime).pipe(z.number());

const language = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'a language as in BCP 47');

const quality = z.union([
  z.enum(['auto', 'audioOnly']),
  z
    .string()
    .regex(/^\d{2,4}p?$/)
    .transform((text) => Number.parseInt(text, 10)),
]);

/** Each parameter: its schema, and what it does. */
export const EMBED_PARAMETERS = {
  autoplay: onOff
    .default(true)
    .describe(
      'Begin by itself, without sound where the browser wants that; `0` waits for a click.',
    ),
  muted: onOff.default(false).describe('Begin without sound.'),
  controls: onOff.default(true).describe('Show the controls.'),
  loop: onOff.default(false).describe('Begin anew at the end.'),
  t: time.default(0).describe('Begin there: `90`, `1m30s` or `1:30`.'),
  end: time.optional().describe('Stop there, as `t`.'),
  quality: quality
    .default('auto')
    .describe('`auto`, `audioOnly`, or a height such as `720`: the highest that is no higher.'),
  captions: z
    .union([z.enum(['off']), language])
    .optional()
    .describe('Show captions in this language (BCP 47), or `off`.'),
  volume: z.coerce.number().min(0).max(100).optional().describe('0 to 100.'),
  color: z
    .string()
    .regex(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)
    .transform((text) => `#${text.replace('#', '')}`)
    .optional()
    .describe('Of what is lit: the played part, the buttons. Hexadecimal, `e0a458`.'),
  lang: language.optional().describe('The language of the page around it, for screen readers.'),
} as const;

const parametersSchema = z.object({ ...EMBED_PARAMETERS });

export type EmbedParameterName = keyof typeof EMBED_PARAMETERS;
export type EmbedParameters = z.output<typeof parametersSchema>;

/** Other spellings of the same. */
export const EMBED_ALIASES: Readonly<Record<string, EmbedParameterName>> = {
  mute: 'muted',
  start: 't',
  cc_load_policy: 'captions',
  texttrack: 'captions',
  cc: 'captions',
  hl: 'lang',
};

/** @param query such as `?autoplay=1&t=90` */
export function readEmbedParameters(query: string): EmbedParameters {
  const given: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const known = EMBED_ALIASES[name] ?? name;
    if (isEmbedParameter(known) && understood(known, value)) given[known] ??= value;
  }
  return parametersSchema.parse(given);
}

export function isEmbedParameter(name: string): name is EmbedParameterName {
  return Object.hasOwn(EMBED_PARAMETERS, name);
}

function understood(name: EmbedParameterName, value: string): boolean {
  return EMBED_PARAMETERS[name].safeParse(value).success;
}

/** What the frame may do (Permissions Policy): nothing of it is capture. */
export const FRAME_MAY =
  'autoplay; fullscreen; picture-in-picture; encrypted-media; screen-wake-lock';

const PLAYER_PATH = /^\/(?:watch|embed)\/([^/]+)\/?$/;

/** What is to be watched at the path of one of a server's pages; undefined for a page without a player. */
export function watchedIn(path: string): string | undefined {
  return PLAYER_PATH.exec(path)?.[1];
}

export type Snippet = {
  /** Of the frame's page. */
  url: string;
  title: string;
  /** Pixels. */
  width: number;
  height: number;
  /** As wide as there is room for, in the same proportions. */
  responsive?: boolean;
};

/** The line that a site's owner pastes. */
export function embedSnippet({ url, title, width, height, responsive = false }: Snippet): string {
  const size = responsive
    ? `style="width:100%;aspect-ratio:${width}/${height};border:0"`
    : `width="${width}" height="${height}" style="border:0"`;
  return (
    `<iframe src="${escapeText(url)}" ${size} title="${escapeText(title)}" allow="${FRAME_MAY}" ` +
    'allowfullscreen loading="lazy" referrerpolicy="strict-origin-when-cross-origin"></iframe>'
  );
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML and XML, in elements and in quoted attributes. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

export type Size = { width: number; height: number };

/** As large as it is, smaller where that is too large, in its own proportions. Pixels. */
export function sizeWithin({ width, height }: Size, most: Partial<Size>): Size {
  const scale = Math.min(1, (most.width ?? width) / width, (most.height ?? height) / height);
  return {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  };
}
