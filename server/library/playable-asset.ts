import type { Logger } from 'pino';
import { type Asset, SfumatoError } from '../../signaling/contract/index.ts';
import type { LocalMediaFile, MediaFiles } from '../store/media-files/media-files.ts';
import { mediaKey } from '../store/media-files/media-key.ts';
import { readMade } from './asset-work.ts';
import type { Catalogue } from './catalogue.ts';
import type { Made } from './preparation/made.ts';
import type { Reader } from './reader.ts';

const PAGE = 200;

/** What of the library can be put on air, for the Channels. */
export function playableAssets({ assets }: Catalogue, files: MediaFiles, log: Logger) {
  const find = async (assetId: string, reader: Reader) => {
    const asset = await assets.get(assetId, reader);
    refuseUnplayable(asset);
    return asPlayable(asset);
  };

  return {
    /** @throws SfumatoError `notFound`, `badRequest` of what is neither video nor sound, `conflict` while there is nothing */
    find,

    /** Its Renditions as far as they are made, held until `release()`. @throws SfumatoError as `find` */
    async open(assetId: string, reader: Reader) {
      const found = await find(assetId, reader);
      const made = await readMade(files, assetId);
      const held = await holdFiles({ files, log }, assetId, made);
      return {
        ...found,
        duration: made.duration ?? found.duration,
        file: {
          rungs: made.rungs.map((rung) => ({ ...rung, file: held.pathOf(rung.file) })),
          framesPerSecond: made.framesPerSecond,
          audio: made.audio && {
            file: held.pathOf(made.audio.file),
            bitrate: made.audio.bitrate,
          },
        },
        release: held.release,
      };
    },

    /** By pages, not one after the other. @throws SfumatoError `notFound` */
    async inCollection(collection: string, reader: Reader, atMost: number) {
      const found: Asset[] = [];
      let cursor: string | undefined;
      do {
        const page = await assets.list({ collection, cursor, limit: PAGE }, reader);
        found.push(...page.assets.filter((asset) => whyNotPlayable(asset) === undefined));
        cursor = page.cursor;
      } while (cursor !== undefined && found.length < atMost);
      return found.slice(0, atMost).map(asPlayable);
    },

    onChange: (listener: (ids: readonly string[]) => void) =>
      assets.on(({ type, ids }) => {
        if (type !== 'created') listener(ids);
      }),
  };
}

function asPlayable({ id, duration = 0 }: Asset) {
  return { id, duration };
}

function refuseUnplayable(asset: Asset): void {
  const why = whyNotPlayable(asset);
  if (why !== undefined) throw why;
}

function whyNotPlayable({ title, kind, state, watchable }: Asset): SfumatoError | undefined {
  if (kind === 'image' || state === 'refused') {
    return new SfumatoError('badRequest', `“${title}” is neither video nor sound.`);
  }
  if (watchable) return undefined;
  return new SfumatoError('conflict', `Of “${title}” there is nothing to play yet.`, {
    hint: 'It can be put on air when the first of it is prepared.',
  });
}

async function holdFiles(
  { files, log }: { files: MediaFiles; log: Logger },
  assetId: string,
  { rungs, audio }: Made,
) {
  const names = [...rungs, ...(audio ? [audio] : [])].map(({ file }) => file);
  const taking = await Promise.allSettled(
    names.map((name) => files.local(mediaKey(assetId, name))),
  );
  const taken = taking.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const release = releaseOnce(taken, log);
  const failed = taking.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    release();
    throw failed.reason;
  }
  const paths = new Map(names.map((name, index) => [name, taken[index]?.path ?? '']));
  return { pathOf: (name: string) => paths.get(name) ?? '', release };
}

function releaseOnce(held: readonly LocalMediaFile[], log: Logger): () => void {
  let released = false;
  return () => {
    if (released) return;
    released = true;
    for (const { path, release } of held) {
      release().catch((err: unknown) => log.warn({ err, path }, 'A media file was not released'));
    }
  };
}
