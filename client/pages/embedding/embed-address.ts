import { readTime } from '../../../signaling/contract/index.ts';

/** What a person can wish of a player on their site. */
export type EmbedWishes = {
  autoplay: boolean;
  muted: boolean;
  loop: boolean;
  controls: boolean;
  /** As it is typed: `1:30`. */
  start: string;
};

export const NO_WISHES: EmbedWishes = {
  autoplay: false,
  muted: false,
  loop: false,
  controls: true,
  start: '',
};

/**
 * The address of the frame; only what is not so anyway is in it.
 *
 * @param token the right to watch it; null where none is needed
 */
export function embedAddress(
  origin: string,
  id: string,
  wishes: EmbedWishes,
  token: string | null = null,
): string {
  const url = new URL(`/embed/${id}`, origin);
  if (!wishes.autoplay) url.searchParams.set('autoplay', '0');
  if (wishes.muted) url.searchParams.set('muted', '1');
  if (wishes.loop) url.searchParams.set('loop', '1');
  if (!wishes.controls) url.searchParams.set('controls', '0');
  const start = readTime(wishes.start) ?? 0;
  if (start > 0) url.searchParams.set('t', String(start));
  if (token !== null) url.searchParams.set('token', token);
  return url.href;
}
