/** A Channel's name in addresses, made of its title: what the form offers. */
export function addressOf(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
}

/** What a broadcaster is handed: the page, with the key where no server sees it. */
export function broadcasterLink(origin: string, id: string, streamKey: string): string {
  return `${origin}/broadcast/${id}#key=${encodeURIComponent(streamKey)}`;
}

/** Where an encoder sends to, with the key as its bearer token. */
export function whipUrl(origin: string, id: string): string {
  return `${origin}/whip/${id}`;
}

/** `2 January 2026`, as the browser's language has it. */
export function dayWords(iso: string): string {
  return new Date(iso).toLocaleDateString(undefined, { dateStyle: 'long' });
}
