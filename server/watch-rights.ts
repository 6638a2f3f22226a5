import type { Logger } from 'pino';
import { libraryIdSchema } from '../signaling/contract/index.ts';
import type { Access } from './access/access.ts';
import { Admissions } from './access/admissions.ts';
import type { RulesOfNew } from './access/default-rules.ts';
import type { Passes } from './access/passes/passes.ts';
import type { PasswordGrants } from './access/passes/password-grants.ts';
import { PlaybackRights, type PlaybackRightsOptions } from './access/playback-rights.ts';
import type { AccessWebhook } from './access/webhook/webhook.ts';
import { WatchGate } from './access/watch-gate.ts';
import type { Channels } from './channels/channels.ts';
import { ChannelsAndAssets } from './guarded-things.ts';
import type { AssetFeed } from './library/asset-feed.ts';
import type { Catalogue } from './library/catalogue.ts';
import { SERVER } from './library/reader.ts';
import type { Database } from './store/database.ts';
import { kindOf } from './store/dialect.ts';

export interface WatchRightsOptions {
  db: Database;
  access: Access;
  channels: Channels;
  catalogue: Catalogue;
  feed: AssetFeed;
  rulesOfNew: RulesOfNew;
  playback: Omit<PlaybackRightsOptions, 'db' | 'passwordOf' | 'log'>;
  log: Logger;
}

/** What is being prepared changes several times a second. Milliseconds. */
const FOLLOWED_APART_MS = 1_000;

/** Who may watch what: everything that has a say in it, plugged together, and told when one of it changes. */
export class WatchRights {
  readonly passes: Passes;
  readonly passwordGrants: PasswordGrants;
  readonly webhook: AccessWebhook;
  readonly rulesOfNew: RulesOfNew;
  readonly things: ChannelsAndAssets;
  readonly gate: WatchGate;
  readonly admissions: Admissions;
  readonly #playback: PlaybackRights;
  readonly #undos: (() => void)[];

  constructor(options: WatchRightsOptions) {
    const { db, access, channels, catalogue, feed, log } = options;
    this.rulesOfNew = options.rulesOfNew;
    this.things = new ChannelsAndAssets({ db, channels, assets: catalogue.assets });
    const passwordOf = (id: string) => this.things.passwordOf(id);
    this.#playback = new PlaybackRights({ ...options.playback, db, passwordOf, log });
    ({
      passes: this.passes,
      passwordGrants: this.passwordGrants,
      webhook: this.webhook,
    } = this.#playback);
    this.gate = new WatchGate({ things: this.things, ownService: this.webhook });
    const follow = (id: string, onChange: () => void) => followAsset(feed, id, { onChange, log });
    const hasOtherNodes = kindOf(db) === 'postgres';
    this.admissions = new Admissions({ gate: this.gate, ...(hasOtherNodes && { follow }), log });
    this.#undos = [
      access.onRightsChanged(() => this.admissions.check()),
      this.passes.onRevoked((isRevoked) => this.admissions.checkPasses(isRevoked)),
      // What this node does is heard of at once; `follow` tells what others did.
      catalogue.assets.on(({ ids, before }) => {
        // What the server finds out while it prepares one changes nobody's rights.
        if (before === undefined) return;
        this.admissions.check(({ thingId }) => ids.includes(thingId));
      }),
    ];
  }

  /** Idempotent. */
  close(): void {
    for (const undo of this.#undos) undo();
    this.admissions.close();
    this.#playback.close();
  }
}

function followAsset(
  feed: AssetFeed,
  id: string,
  { onChange, log }: { onChange: () => void; log: Logger },
): () => void {
  if (!libraryIdSchema.safeParse(id).success) return () => undefined;
  let isOver = false;
  let due: NodeJS.Timeout | undefined;
  const tell = () => {
    due ??= setTimeout(() => {
      due = undefined;
      onChange();
    }, FOLLOWED_APART_MS);
  };
  let undo: (() => void) | undefined;
  const subscribe = async () => {
    try {
      undo = await feed.subscribe({ id, reader: SERVER, tell });
      if (isOver) undo();
    } catch (err) {
      log.warn({ err }, 'changes of an Asset are not heard of');
      onChange();
    }
  };
  void subscribe();
  return () => {
    isOver = true;
    clearTimeout(due);
    undo?.();
  };
}
