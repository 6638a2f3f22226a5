import { z } from 'zod';
import type { Database } from '../../store/database.ts';
import type { Channel } from '../channel.ts';
import type { StoredChannels } from '../stored-channels.ts';
import type { OnBehalfOf } from './playable-assets.ts';
import { type Playlist, playlistSchema } from './playlist.ts';
import { type PlayerTools, PlaylistPlayer, type StandingPlaylist } from './playlist-player.ts';
import type { PlaylistStatus } from './status.ts';

const onBehalfOfSchema = z.object({
  id: z.string().optional(),
  role: z.enum(['stranger', 'reader', 'administrator']),
});

/** What each Channel plays from the library. It stands in the database, and goes on air with the server. */
export class Playlists {
  readonly #db: Database;
  readonly #tools: PlayerTools;
  readonly #players = new Map<string, PlaylistPlayer>();
  #closed = false;

  constructor(db: Database, tools: PlayerTools) {
    this.#db = db;
    this.#tools = tools;
  }

  /** How many Channels have one on air. */
  get onAir(): number {
    return [...this.#players.values()].filter((player) => player.status.state === 'playing').length;
  }

  /** Puts on air all that the database knows. */
  async start(channels: StoredChannels): Promise<void> {
    for (const row of await this.#db.selectFrom('playlists').selectAll().execute()) {
      const stored = channels.find(row.channelId);
      if (stored === undefined) continue;
      const playlist = playlistSchema.safeParse(JSON.parse(row.playlist));
      if (playlist.success) this.#play(stored.channel, asStanding(playlist.data, row.onBehalfOf));
      else this.#tools.log.error({ channel: row.channelId }, 'a playlist that is not understood');
    }
  }

  get(channelId: string): (StandingPlaylist & { status: PlaylistStatus }) | undefined {
    const player = this.#players.get(channelId);
    return player === undefined ? undefined : { ...player.standing, status: player.status };
  }

  /**
   * What is playing goes on if it is in the new one, too.
   *
   * @param as whoever puts it there: what they may not see is not broadcast
   * @throws SfumatoError `notFound` of an Asset or a collection, `badRequest` of what is neither video nor sound,
   *   `conflict` of what cannot be played yet
   */
  async put(channel: Channel, playlist: Playlist, as: OnBehalfOf): Promise<void> {
    await this.#demand(playlist, as);
    const values = {
      ...{ channelId: channel.id, playlist: JSON.stringify(playlist) },
      ...{ onBehalfOf: JSON.stringify(as), updatedAt: new Date().toISOString() },
    };
    await this.#db
      .insertInto('playlists')
      .values(values)
      .onConflict((conflict) => conflict.column('channelId').doUpdateSet(values))
      .execute();
    this.#play(channel, { playlist, as });
  }

  /** The Channel is off air, if that was on. */
  async remove(channelId: string): Promise<void> {
    await this.#db.deleteFrom('playlists').where('channelId', '=', channelId).execute();
    this.#players.get(channelId)?.close();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const player of this.#players.values()) player.close();
  }

  #forget(channelId: string, player: PlaylistPlayer): void {
    if (this.#players.get(channelId) === player) this.#players.delete(channelId);
  }

  #play(channel: Channel, standing: StandingPlaylist): void {
    if (this.#closed || channel.closed.aborted) return;
    const known = this.#players.get(channel.id);
    if (known !== undefined) return known.change(standing);
    const player = new PlaylistPlayer(channel, standing, this.#tools);
    this.#players.set(channel.id, player);
    player.closed.addEventListener('abort', () => this.#forget(channel.id, player));
  }

  async #demand({ items, schedule }: Playlist, as: OnBehalfOf): Promise<void> {
    const { assets } = this.#tools;
    const assetIds = new Set(schedule.map(({ assetId }) => assetId));
    for (const item of items) {
      if ('assetId' in item) assetIds.add(item.assetId);
      else await assets.inCollection(item.collectionId, as, 1);
    }
    for (const assetId of assetIds) await assets.find(assetId, as);
  }
}

function asStanding(playlist: Playlist, onBehalfOf: string): StandingPlaylist {
  const { id, role } = onBehalfOfSchema.parse(JSON.parse(onBehalfOf));
  return { playlist, as: { id, role } };
}
