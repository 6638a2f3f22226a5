import { buffer } from 'node:stream/consumers';
import { type Asset, SfumatoError } from '../../signaling/contract/index.ts';
import type {
  ByteRange,
  MediaFileStat,
  MediaFiles,
  OpenMediaFile,
} from '../store/media-files/media-files.ts';
import { type MediaKey, mediaKey } from '../store/media-files/media-key.ts';
import { ORIGINAL } from './asset-work.ts';
import type { Assets } from './assets.ts';
import { originalType, UNKNOWN_TYPE } from './original-type.ts';
import type { Reader } from './reader.ts';

/** One file of an Asset, as somebody may have it. */
export interface AssetFileFound {
  key: MediaKey;
  stat: MediaFileStat;
  /** Media type. */
  type: string;
  /** For who keeps it: to be made safe by the door. */
  downloadName: string;
  isOriginal: boolean;
  /** Is it a text that names pictures beside it? */
  namesPictures: boolean;
  visibility: Asset['visibility'];
}

const HEAD_BYTES = 512;

/** Files of Assets, for those who may have them: what was made is for who may see, the original for who may change. */
export class AssetFiles {
  readonly #assets: Assets;
  readonly #files: MediaFiles;

  constructor({ assets, files }: { assets: Assets; files: MediaFiles }) {
    this.#assets = assets;
    this.#files = files;
  }

  /** @throws SfumatoError `notFound`; `forbidden` for the original of what one may only look at */
  async find(id: string, name: string, reader: Reader): Promise<AssetFileFound> {
    const isOriginal = name === ORIGINAL;
    const asset = isOriginal
      ? await this.#assets.demandChange(id, reader)
      : await this.#assets.get(id, reader);
    const made = asset.files.find((file) => file.name === name);
    if (!isOriginal && made === undefined) throw noSuchFile();
    const key = mediaKey(id, name);
    const stat = await this.#files.stat(key);
    // An upload that goes on is no file yet.
    if (stat === undefined || asset.state === 'uploading') throw noSuchFile();
    const type = isOriginal ? await this.#originalType(asset, key, stat) : (made?.type ?? '');
    const { visibility } = asset;
    const namesPictures = made?.role === 'preview' && type.startsWith('text/vtt');
    const about = { key, stat, type, isOriginal, namesPictures, visibility };
    return { ...about, downloadName: downloadName(asset, name) };
  }

  /**
   * Never more than was found: what lies in place may grow while it is sent.
   *
   * @throws SfumatoError `notFound`, `unavailable` where it has just become another one
   */
  async open({ key, stat }: AssetFileFound, range?: ByteRange): Promise<OpenMediaFile['stream']> {
    const whole = { start: 0, end: stat.size - 1 };
    const { stream, etag } = await this.#files.open(key, range ?? whole);
    if (etag === stat.etag) return stream;
    stream.destroy();
    throw new SfumatoError('unavailable', 'The file has just been replaced.', {
      retryAfterSeconds: 1,
    });
  }

  async #originalType({ kind }: Asset, key: MediaKey, { size }: MediaFileStat): Promise<string> {
    if (size === 0) return UNKNOWN_TYPE;
    const { stream } = await this.#files.open(key, {
      start: 0,
      end: Math.min(size, HEAD_BYTES) - 1,
    });
    return originalType(kind, await buffer(stream));
  }
}

/** By the name that its file had, where that may be told, else by the title. */
function downloadName({ originalName, title }: Asset, name: string): string {
  if (name === ORIGINAL) return originalName ?? title;
  const stem = originalName?.replace(/\.[^.]{1,10}$/, '') ?? title;
  return `${stem}-${name}`;
}

function noSuchFile(): SfumatoError {
  return new SfumatoError('notFound', 'The Asset has no such file.');
}
