import { type Asset, type AssetFile, SfumatoError } from '../../../signaling/contract/index.ts';
import type { MediaFiles } from '../../store/media-files/media-files.ts';
import { type MediaKey, mediaKey } from '../../store/media-files/media-key.ts';
import { readMade } from '../asset-work.ts';
import type { Assets } from '../assets.ts';
import { KEY_FRAME_RATIO } from '../ladder.ts';
import type { Made, MadeSound } from '../preparation/made.ts';
import type { Reader } from '../reader.ts';
import { IndexCache } from './index-cache.ts';
import {
  captionsPlaylist,
  masterPlaylist,
  type MasterCaptions,
  type MasterSound,
  type MasterVideo,
  mediaPlaylist,
} from './playlists.ts';
import { averageBitrate, peakBitrate, segmentSeconds } from './segments.ts';
import { readPictures, readSegments, type TrackIndex } from './track-index.ts';

export interface Playlist {
  text: string;
  visibility: Asset['visibility'];
}

/** An Asset and what was made of it so far. */
interface Prepared {
  asset: Asset;
  made: Made;
}

const I_FRAMES = '-iframes';

/** Playlists of everything, by the sound that they prefer. */
const MASTERS: Record<string, 'aac' | 'opus'> = { master: 'aac', 'master-opus': 'opus' };

/** Assets as HLS: playlists that point into the files as they lie there. */
export class Hls {
  readonly #assets: Assets;
  readonly #files: MediaFiles;
  readonly #cache = new IndexCache();

  constructor({ assets, files }: { assets: Assets; files: MediaFiles }) {
    this.#assets = assets;
    this.#files = files;
  }

  /**
   * @param name `master.m3u8`, `master-opus.m3u8` for players without AAC, or a file's name with `.m3u8` for its ending; with `-iframes` its key frames
   * @throws SfumatoError `notFound`
   */
  async playlist(id: string, name: string, reader: Reader): Promise<Playlist> {
    const asset = await this.#assets.get(id, reader);
    if (!asset.watchable || asset.kind === 'image') throw noPlaylist();
    const made = await readMade(this.#files, id);
    const text = await this.#text({ asset, made }, name.replace(/\.m3u8$/, ''));
    return { text, visibility: asset.visibility };
  }

  async #text(prepared: Prepared, stem: string): Promise<string> {
    const sound = MASTERS[stem];
    if (sound !== undefined) return this.#master(prepared, sound);
    const { asset, made } = prepared;
    const named = (role: AssetFile['role'], fileStem: string) =>
      asset.files.find((file) => file.role === role && stemOf(file.name) === fileStem);
    const captions = named('captions', stem);
    if (captions !== undefined) return captionsPlaylist(fileUri(captions.name), lengthOf(made));
    const rendition = named('rendition', stem);
    if (rendition !== undefined) {
      const index = await this.#segments(prepared, rendition.name);
      return mediaPlaylist({ uri: fileUri(rendition.name), ...index });
    }
    const pictures = stem.endsWith(I_FRAMES)
      ? named('rendition', stem.slice(0, -I_FRAMES.length))
      : undefined;
    if (pictures?.type.startsWith('video/') !== true) throw noPlaylist();
    const index = await this.#pictures(prepared, pictures.name);
    return mediaPlaylist({ uri: fileUri(pictures.name), ...index }, { iFramesOnly: true });
  }

  /**
   * With one kind of sound: players that are offered two take the variants of both for one ladder, and fail where they
   * change from one to the other (Chromium's own HLS does).
   */
  async #master(prepared: Prepared, preferred: 'aac' | 'opus'): Promise<string> {
    const { asset, made } = prepared;
    const rungs = made.rungs.filter(({ file }) => isThere(asset, file));
    const [lowest] = rungs;
    const { num, den } = made.framesPerSecond ?? { num: 0, den: 1 };
    const sounds = [made.aac, made.audio].flatMap((sound) =>
      sound !== undefined && isThere(asset, sound.file) ? [sound] : [],
    );
    const sound = sounds.find(({ type }) => soundId(type) === preferred) ?? sounds[0];
    return masterPlaylist({
      videos: await Promise.all(rungs.map((rung) => this.#video(prepared, rung))),
      sound: sound && (await this.#sound(prepared, sound)),
      captions: asset.files.filter(({ role }) => role === 'captions').map(captionsOf(made)),
      iFrames: lowest === undefined ? [] : [await this.#iFrames(prepared, lowest)],
      framesPerSecond: num > 0 ? num / den : undefined,
    });
  }

  async #video(prepared: Prepared, rung: Made['rungs'][number]): Promise<MasterVideo> {
    const index = await this.#segments(prepared, rung.file);
    return { ...describeRung(rung), uri: playlistUri(rung.file), ...bandwidthOf(index) };
  }

  async #iFrames(prepared: Prepared, rung: Made['rungs'][number]): Promise<MasterVideo> {
    const index = await this.#pictures(prepared, rung.file);
    const uri = playlistUri(`${stemOf(rung.file)}${I_FRAMES}`);
    return { ...describeRung(rung), uri, ...bandwidthOf(index) };
  }

  async #sound(prepared: Prepared, { file, type }: MadeSound): Promise<MasterSound> {
    const index = await this.#segments(prepared, file);
    const codecs = codecsOf(type);
    return { id: soundId(type), codecs, uri: playlistUri(file), ...bandwidthOf(index) };
  }

  async #segments({ asset, made }: Prepared, name: string): Promise<TrackIndex> {
    const key = mediaKey(asset.id, name);
    const seconds = segmentSeconds(keyFrameSeconds(made));
    return this.#cached(key, `${seconds}`, () => readSegments(this.#files, key, seconds));
  }

  async #pictures({ asset }: Prepared, name: string): Promise<TrackIndex> {
    const key = mediaKey(asset.id, name);
    return this.#cached(key, 'pictures', () => readPictures(this.#files, key));
  }

  async #cached(key: MediaKey, what: string, read: () => Promise<TrackIndex>): Promise<TrackIndex> {
    const stat = await this.#files.stat(key);
    if (stat === undefined) throw noPlaylist();
    return this.#cache.get(`${key} ${stat.etag} ${what}`, read);
  }
}

/** Of the Renditions above the lowest, also while only that one is there. Seconds. */
function keyFrameSeconds({ rungs, framesPerSecond }: Made): number | undefined {
  const [lowest] = rungs;
  if (lowest === undefined || framesPerSecond === undefined) return undefined;
  return (lowest.keyFrameInterval * KEY_FRAME_RATIO * framesPerSecond.den) / framesPerSecond.num;
}

function describeRung({ type, width, height }: Made['rungs'][number]) {
  return { codecs: codecsOf(type), width, height };
}

function bandwidthOf({ segments }: TrackIndex) {
  return { peak: peakBitrate(segments), average: averageBitrate(segments) };
}

function captionsOf(made: Made): (file: AssetFile) => MasterCaptions {
  return ({ name, label = name, language, bytes }) => {
    const rate = Math.ceil((bytes * 8) / lengthOf(made));
    return { uri: playlistUri(name), name: label, language, peak: rate, average: rate };
  };
}

/** Seconds. What has captions has a length; a playlist without one would be none. */
const lengthOf = ({ duration = 1 }: Made): number => duration;

const isThere = ({ files }: Asset, name: string | undefined): boolean =>
  files.some((file) => file.name === name);

const soundId = (type: string): 'aac' | 'opus' => (codecsOf(type) === 'opus' ? 'opus' : 'aac');

/** RFC 6381: the `codecs` of a media type. */
const codecsOf = (type: string): string => /codecs="([^"]*)"/.exec(type)?.[1] ?? '';

const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');
const fileUri = (name: string): string => `../files/${name}`;
const playlistUri = (name: string): string => `${stemOf(name)}.m3u8`;

function noPlaylist(): SfumatoError {
  return new SfumatoError('notFound', 'There is no such playlist.', {
    hint: 'Films and sounds have a `master.m3u8` as soon as there is something to play.',
  });
}
