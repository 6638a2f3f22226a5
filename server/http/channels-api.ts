import type { BroadcastHealth, ChannelInfo } from '../../signaling/contract/index.ts';
import type { Access } from '../access/access.ts';
import { mayDo, type Principal } from '../access/principal.ts';
import { DEFAULT_GRACE_SECONDS } from '../channels/channel.ts';
import type { Admissions } from '../access/admissions.ts';
import type { WatchGate } from '../access/watch-gate.ts';
import type { Channels } from '../channels/channels.ts';
import type { StoredChannels } from '../channels/stored-channels.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { isListed } from './channel-guard.ts';
import type { Endpoints } from './endpoints.ts';
import { OPERATIONS } from './operations.ts';
import { UploadProbe } from './upload-probe.ts';

export interface ChannelSources {
  gate: Pick<WatchGate, 'demand'>;
  admissions: Admissions;
  catalogue: Pick<Catalogue, 'assets'>;
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
  const { channels, stored, access, publishing, gate, admissions } = sources;
  const { defaultSites } = sources.catalogue.assets;
  const probe = new UploadProbe();
  endpoints
    .on(OPERATIONS.listChannels, ({ visitor }) => ({
      channels: channels
        .list()
        .filter((channel) => isListed(channel, visitor, defaultSites))
        .map((channel) => answer(stored, channel.info(), visitor.principal)),
    }))
    .on(OPERATIONS.createChannel, async ({ body, principal }) => {
      const { id, title, graceSeconds = DEFAULT_GRACE_SECONDS } = body;
      const { channel, streamKey } = await stored.create(id, { title, graceSeconds });
      return { ...answer(stored, channel.info(), principal), streamKey };
    })
    .on(OPERATIONS.getChannel, async ({ params, visitor }) => {
      await gate.demand(params.id, visitor);
      return answer(stored, channels.get(params.id).info(), visitor.principal);
    })
    .on(OPERATIONS.updateChannel, async ({ params, body, principal }) => {
      const { title, graceSeconds } = stored.get(params.id).channel;
      const { channel } = await stored.update(params.id, { title, graceSeconds, ...body });
      return answer(stored, channel.info(), principal);
    })
    .on(OPERATIONS.deleteChannel, async ({ params }) => {
      await stored.delete(params.id);
      admissions.check(({ thingId }) => thingId === params.id);
    })
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
  const { visibility } = channel.access.rules;
  return { ...info, settings: { graceSeconds: channel.graceSeconds, visibility, createdAt } };
}
