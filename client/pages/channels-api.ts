import { type ChannelInfo, channelListSchema } from '../../signaling/contract/index.ts';

/**
 * What is on this server, those on air first.
 *
 * @throws when the server cannot be reached, or answers something else
 */
export async function fetchChannels(signal: AbortSignal): Promise<ChannelInfo[]> {
  const response = await fetch('/api/v1/channels', { signal });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const { channels } = channelListSchema.parse(await response.json());
  return channels.toSorted(
    (a, b) => Number(b.live) - Number(a.live) || a.title.localeCompare(b.title),
  );
}
