import type { BroadcastHealth, ChannelInfo } from '../../signaling/contract/index.ts';
import type { Access } from '../access/access.ts';
import { mayDo, type Principal } from '../access/principal.ts';
import { DEFAULT_GRACE_SECONDS } from '../channels/channel.ts';
import type { Channels } from '../channels/channels.ts';
import type { StoredChannels } from '../channels/stored-channels.ts';
import type { Endpoints } from './endpoints.ts';
import { OPERATIONS } from './operations.ts';
import { UploadProbe } from './upload-probe.ts';

export interface ChannelSources {
  channels: Channels;
  stored: StoredChannels;
  access: Access;
  publishing: HealthOfBroadcasts;
}

/** What arrives of whoever is on air, where somebody sends. */
export interface HealthOfBroadcasts {
  healthOf(channelId: string): BroadcastHealth | undefined;
}

/** `/channels`: anybody may see what is there, those with the right may change it. */
export function channelsApi(endpoints: Endpoints, sources: ChannelSources): void {
  const { channels, stored, access, publishing } = sources;
  const probe = new UploadProbe();
  endpoints
    .on(OPERATIONS.listChannels, ({ principal }) => ({
      channels: channels.list().map((channel) => answer(stored, channel.info(), principal)),
    }))
    .on(OPERATIONS.createChannel, async ({ body, principal }) => {
      const { id, title, graceSeconds = DEFAULT_GRACE_SECONDS } = body;
      const { channel, streamKey } = await stored.create(id, { title, graceSeconds });
      return { ...answer(stored, channel.info(), principal), streamKey };
    })
    .on(OPERATIONS.getChannel, ({ params, principal }) =>
      answer(stored, channels.get(params.id).info(), principal),
    )
    .on(OPERATIONS.updateChannel, async ({ params, body, principal }) => {
      const { title, graceSeconds } = stored.get(params.id).channel;
      const { channel } = await stored.update(params.id, { title, graceSeconds, ...body });
      return answer(stored, channel.info(), principal);
    })
    .on(OPERATIONS.deleteChannel, ({ params }) => stored.delete(params.id))
    .on(OPERATIONS.rotateStreamKey, async ({ params }) => {
      stored.get(params.id);
      return { streamKey: await access.streamKeys.rotate(params.id) };
    })
    .on(OPERATIONS.getChannelHealth, ({ params: { id } }) => ({
      live: channels.get(id).info().live,
      health: publishing.healthOf(id) ?? null,
    }))
    .on(OPERATIONS.probeUpload, ({ params, request }) => {
      // It throws where there is no such Channel.
      return probe.take(channels.get(params.id).id, request);
    });
}

/** How a Channel is set is for those that run it. */
function answer(stored: StoredChannels, info: ChannelInfo, principal: Principal | undefined) {
  const found = stored.find(info.id);
  if (found === undefined || principal === undefined || !mayDo(principal, 'channels:read')) {
    return info;
  }
  const { channel, createdAt } = found;
  return { ...info, settings: { graceSeconds: channel.graceSeconds, createdAt } };
}
