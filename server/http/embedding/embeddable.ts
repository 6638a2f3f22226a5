import {
  type Asset,
  libraryIdSchema,
  SfumatoError,
  type Size,
  stillOf,
} from '../../../signaling/contract/index.ts';
import type { Visitor } from '../../access/visitor.ts';
import type { Channel } from '../../channels/channel.ts';
import type { Channels } from '../../channels/channels.ts';
import type { Assets } from '../../library/assets.ts';
import { STRANGER } from '../../library/reader.ts';
import { mayWatch } from '../../rights/may-watch.ts';
import { refusalError } from '../../rights/refusal-errors.ts';
import { isListed, meetChannel } from '../channel-guard.ts';

/** What of a Channel or an Asset is told to other sites: nothing but what a stranger may know. */
export interface Embeddable {
  id: string;
  title: string;
  description: string;
  kind: 'channel' | 'video' | 'audio' | 'image';
  /** As large as it is, pixels. */
  size: Size;
  /** Seconds. */
  duration: number | undefined;
  /** ISO 8601. */
  createdAt: string | undefined;
  /** Does it stand in lists for everybody? */
  listed: boolean;
  /** Pictures that every browser shows, addresses below the server's own. */
  still: Picture | undefined;
  /** Of an image: the picture itself. */
  image: Picture | undefined;
}

export interface Picture extends Size {
  path: string;
  type: string;
}

const DEFAULT_SIZE = { width: 640, height: 360 };
/** A sound's player: a cover and the controls. */
const SOUND_SIZE = { width: 640, height: 240 };
/** What sites show of a thing before anybody plays it, pixels. */
const STILL_WIDTH = 1280;
const EVERYWHERE = /^image\/(?:jpeg|png|webp)\b/;

/** Finds what strangers may see. */
export class Embeddables {
  readonly #channels: Channels;
  readonly #assets: Assets;

  constructor(channels: Channels, assets: Assets) {
    this.#channels = channels;
    this.#assets = assets;
  }

  /** @throws SfumatoError `notFound`; `unauthorized` for what is not for everybody, `forbidden` where it is not now */
  async find(id: string): Promise<Embeddable> {
    if (this.#channels.has(id)) return this.#channel(this.#channels.get(id));
    if (!libraryIdSchema.safeParse(id).success) throw nothingThere();
    return asEmbeddable(await this.#asset(id));
  }

  /** Everything that stands in lists for everybody, the newest first. */
  async listed(atMost: number): Promise<{ id: string; updatedAt?: string }[]> {
    const { defaultSites } = this.#assets;
    const channels = this.#channels
      .list()
      .filter((channel) => isListed(channel, NOBODY, defaultSites))
      .map(({ id }) => ({ id }));
    return [...channels, ...(await this.#assets.listForEverybody(atMost))];
  }

  /** A Channel's address can be guessed: of one that is private nobody is told that it is there. */
  #channel(channel: Channel): Embeddable {
    const { thing, asker } = meetChannel(channel, NOBODY, this.#assets.defaultSites);
    const verdict = mayWatch(thing, asker, Date.now());
    if (!verdict.may && verdict.refusal === 'gone') throw nothingThere();
    if (!verdict.may) throw refusalError(verdict.refusal, verdict);
    const { title, layers } = channel.info();
    const listed = isListed(channel, NOBODY, this.#assets.defaultSites);
    return { ...asChannel(channel.id, title, layers.at(-1)), listed };
  }

  async #asset(id: string): Promise<Asset> {
    try {
      return await this.#assets.get(id, STRANGER);
    } catch (error) {
      if (!(error instanceof SfumatoError) || error.code !== 'notFound') throw error;
      // Whoever knows the address, 79 random bits, is told that it is private, as oEmbed wants it.
      await this.#assets.demandRow(id);
      throw new SfumatoError('unauthorized', 'This is private.');
    }
  }
}

/** In whose name other sites ask. */
const NOBODY: Visitor = {
  principal: undefined,
  pass: undefined,
  site: undefined,
  address: undefined,
  agent: undefined,
};

const nothingThere = () => new SfumatoError('notFound', 'There is nothing at this address.');

function asChannel(id: string, title: string, top: Size | undefined): Embeddable {
  const size = top ?? DEFAULT_SIZE;
  return {
    ...{ id, title, description: '', kind: 'channel', size, duration: undefined },
    ...{ createdAt: undefined, listed: true, still: undefined, image: undefined },
  };
}

function asEmbeddable(asset: Asset): Embeddable {
  const { id, title, description, kind, width, height, duration, createdAt, visibility } = asset;
  // What was not looked at yet may be anything; most things are films.
  const known = kind ?? 'video';
  const own = width === undefined || height === undefined ? DEFAULT_SIZE : { width, height };
  return {
    ...{ id, title, description, duration, createdAt, kind: known },
    size: known === 'audio' ? SOUND_SIZE : own,
    listed: visibility === 'public' && asset.watchable,
    still: pictureOf(asset, stillOf(asset, STILL_WIDTH)),
    image: known === 'image' ? largestImage(asset) : undefined,
  };
}

function largestImage(asset: Asset): Picture | undefined {
  const images = asset.files
    .filter(({ role, type }) => role === 'image' && EVERYWHERE.test(type))
    .toSorted((a, b) => (a.width ?? 0) - (b.width ?? 0));
  return pictureOf(asset, images.at(-1));
}

function pictureOf({ id }: Asset, file: Asset['files'][number] | undefined): Picture | undefined {
  const { name, type, width, height } = file ?? {};
  if (name === undefined || type === undefined || width === undefined || height === undefined) {
    return undefined;
  }
  return { path: `/api/v1/assets/${id}/files/${name}`, type, width, height };
}
