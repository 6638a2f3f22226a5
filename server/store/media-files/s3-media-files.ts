import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { createTempFolder, removeAbandoned } from '../atomic.ts';
import { hasCode, noRoom, notThere } from './errors.ts';
import type { LocalMediaFile, MediaFileStat, MediaFiles, MediaSource } from './media-files.ts';
import { type MediaKey, parseAssetId, parseMediaKey } from './media-key.ts';

export type S3Settings = {
  /** Undefined: Amazon's own. */
  endpoint: string | undefined;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Before every key: `library/`. */
  prefix: string;
};

/** A file of 5 TB in the 10,000 parts that S3 takes would need more; 64 GB go. Bytes. */
const PART_BYTES = 8 * 1024 * 1024;

/** Objects that one request can delete. */
const DELETED_AT_ONCE = 1000;

/**
 * Media files in a bucket of S3 or of whatever speaks like it. S3 shows an object when it is complete, and puts it
 * in the place of an older one in one step.
 *
 * @param scratch where copies lie that programs read.
 * @throws {SfumatoError} `unavailable` where the client for S3 is not installed.
 */
export async function createS3MediaFiles(
  settings: S3Settings,
  scratch: string,
): Promise<MediaFiles> {
  const { s3, Upload } = await loadClient();
  const { endpoint, region, bucket, accessKeyId, secretAccessKey, prefix } = settings;
  const client = new s3.S3Client({
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Others than Amazon do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const copies = await scratchFolder(scratch);
  const place = (key: MediaKey) => ({ Bucket: bucket, Key: prefix + parseMediaKey(key) });

  const describe = async (key: MediaKey): Promise<MediaFileStat | undefined> => {
    try {
      return describeHead(await client.send(new s3.HeadObjectCommand(place(key))));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const listKeys = async (assetId: string): Promise<string[]> => {
    const folder = `${prefix}${parseAssetId(assetId)}/`;
    const pages = s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: folder });
    const keys: string[] = [];
    for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key = '' }) => Key));
    return keys;
  };
  const open: MediaFiles['open'] = async (key, range) => {
    const Range = range && `bytes=${range.start}-${range.end}`;
    try {
      const answer = await client.send(new s3.GetObjectCommand({ ...place(key), Range }));
      if (!(answer.Body instanceof Readable)) throw new Error('S3 answered without a body.');
      return { ...describeHead(answer), stream: answer.Body };
    } catch (error) {
      throw isMissing(error) ? notThere(error) : error;
    }
  };

  const put: MediaFiles['put'] = async (key, source, signal) => {
    signal?.throwIfAborted();
    const Body = streamOf(source);
    const upload = new Upload({
      client,
      params: { ...place(key), Body },
      partSize: PART_BYTES,
      queueSize: 2,
    });
    const abort = () => {
      Body.destroy(new Error('The upload was given up.'));
      void upload.abort();
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await upload.done();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
      Body.destroy();
    }
    if ('file' in source && source.mayMove) await rm(source.file, { force: true });
    const found = await describe(key);
    if (!found) throw notThere();
    return found;
  };

  return {
    open,
    put,
    stat: describe,
    // Others that read it have no disk in common with us.
    async link(key, file, signal) {
      try {
        return await put(key, { file }, signal);
      } catch (error) {
        throw hasCode(error, 'ENOENT') ? notThere(error) : error;
      }
    },
    async list(assetId) {
      const keys = await listKeys(assetId);
      return keys.map((key) => key.slice(key.lastIndexOf('/') + 1)).toSorted();
    },
    async remove(key) {
      await client.send(new s3.DeleteObjectCommand(place(key)));
    },
    async removeAsset(assetId) {
      const keys = await listKeys(assetId);
      for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
        const Objects = keys.slice(at, at + DELETED_AT_ONCE).map((Key) => ({ Key }));
        const command = { Bucket: bucket, Delete: { Objects, Quiet: true } };
        const { Errors = [] } = await client.send(new s3.DeleteObjectsCommand(command));
        if (Errors[0])
          throw new Error(`S3 did not delete ${Errors.length} objects: ${Errors[0].Code}`);
      }
    },
    async local(key, signal) {
      const { stream } = await open(key);
      // Another process of the same number, in another container, takes it for one that was left behind.
      await mkdir(copies, { recursive: true });
      return copy(stream, join(copies, randomUUID()), signal);
    },
    async close() {
      client.destroy();
      await rm(copies, { recursive: true, force: true });
    },
  };
}

async function scratchFolder(scratch: string): Promise<string> {
  const folder = resolve(scratch);
  await mkdir(folder, { recursive: true });
  await removeAbandoned(folder);
  return createTempFolder(folder);
}

/** An optional dependency: most installations keep their files on a disk. */
async function loadClient() {
  try {
    const [s3, { Upload }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/lib-storage'),
    ]);
    return { s3, Upload };
  } catch (cause) {
    throw new SfumatoError('unavailable', 'S3_BUCKET is set, but the client for S3 is missing.', {
      cause,
      hint: 'npm install --include=optional',
    });
  }
}

async function copy(stream: Readable, path: string, signal?: AbortSignal): Promise<LocalMediaFile> {
  const release = () => rm(path, { force: true });
  try {
    await pipeline(stream, createWriteStream(path, { flags: 'wx' }), { signal });
  } catch (error) {
    await release();
    throw noRoom(error);
  }
  return { path, release };
}

const streamOf = (source: MediaSource): Readable =>
  'stream' in source ? source.stream : createReadStream(source.file);

const headSchema = z.object({
  ETag: z.string(),
  LastModified: z.date(),
  ContentLength: z.number(),
  /** Of an answer that is a part: `bytes 0-99/1234`. */
  ContentRange: z.string().optional(),
});

function describeHead(answer: unknown): MediaFileStat {
  const { ETag, LastModified, ContentLength, ContentRange } = headSchema.parse(answer);
  const whole = Number(ContentRange?.split('/')[1]);
  const size = Number.isSafeInteger(whole) ? whole : ContentLength;
  return { size, etag: ETag, modified: LastModified };
}

const named = z.object({ name: z.string() });

function isMissing(error: unknown): boolean {
  const name = named.safeParse(error).data?.name;
  return name === 'NoSuchKey' || name === 'NotFound' || hasCode(error, 'NoSuchKey');
}
