import { channelIdSchema, SfumatoError, watchedIn } from '../../../signaling/contract/index.ts';

export type ChannelAddress = { channelId: string; signalUrl: string };

/**
 * Where a player's `src` leads: a bare Channel id (on the page's own server), or the address of a watch
 * page there or elsewhere.
 *
 * @param pageUrl the address of the page that the player stands in
 * @throws SfumatoError `badRequest` for anything else
 */
export function parseChannelAddress(src: string, pageUrl: string): ChannelAddress {
  const bare = channelIdSchema.safeParse(src);
  const url = URL.parse(bare.success ? `/watch/${src}` : src, pageUrl);
  const id = channelIdSchema.safeParse(watchedIn(url?.pathname ?? ''));
  if (url === null || !id.success || !/^https?:$/.test(url.protocol)) {
    throw new SfumatoError('badRequest', `"${src}" is not the address of a channel.`, {
      hint: 'Use a channel id such as "demo", or the address of its watch page.',
    });
  }
  const signalUrl = new URL('/signal', url);
  signalUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return { channelId: id.data, signalUrl: signalUrl.href };
}
