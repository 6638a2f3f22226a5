import { isEmbedParameter, watchedIn } from '../../signaling/contract/index.ts';

/**
 * The address of the frame for an element's attributes: what the embed page takes as a parameter goes along. An attribute
 * without a value is one that is on.
 *
 * @returns null where `src` leads to no player
 */
export function frameAddress(
  attributes: readonly (readonly [string, string])[],
  pageUrl: string,
): string | null {
  const src = attributes.find(([name]) => name === 'src')?.[1] ?? '';
  const url = URL.parse(src, pageUrl);
  const id = watchedIn(url?.pathname ?? '');
  if (url === null || id === undefined || !/^https?:$/.test(url.protocol)) return null;
  url.pathname = `/embed/${id}`;
  for (const [name, value] of attributes) {
    if (isEmbedParameter(name) || name === 'token')
      url.searchParams.set(name, value === '' ? '1' : value);
  }
  // As of any media element: it waits, where nothing else is said.
  if (!url.searchParams.has('autoplay')) url.searchParams.set('autoplay', '0');
  return url.href;
}
