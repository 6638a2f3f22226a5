import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { SfumatoError, toWireError } from '../../signaling/contract/index.ts';
import type { Admissions } from '../access/admissions.ts';
import type { AssetFileFound, AssetFiles } from '../library/asset-files.ts';
import { UNKNOWN_TYPE } from '../library/original-type.ts';
import { ASSET_DOOR_OPERATIONS } from './asset-door-operations.ts';
import { judge, type Representation, type Verdict } from './conditional.ts';
import { contentDisposition } from './content-disposition.ts';
import type { Endpoints } from './endpoints.ts';
import { handOnInPreview } from './handing-on.ts';
import { readerFor } from './library-reader.ts';

/** A file that somebody put in is looked at, and does nothing: no script, no form, no frame. */
const INERT = "default-src 'none'; sandbox";

/** `/assets/:id/files/:name`. */
export function assetFilesApi(
  endpoints: Endpoints,
  files: AssetFiles,
  admissions: Pick<Admissions, 'demandPiece'>,
): void {
  endpoints.on(ASSET_DOOR_OPERATIONS.getAssetFile, async (input) => {
    const { params, query, visitor, request, response } = input;
    const found = await files.find(params.id, params.name, readerFor(visitor));
    await admissions.demandPiece(params.id, visitor, isMedia(found));
    if (query.token !== undefined && found.namesPictures) {
      describeFile(response, found, false);
      for (const name of ['Accept-Ranges', 'ETag', 'Last-Modified']) response.removeHeader(name);
      response.send(handOnInPreview(await text(await files.open(found)), query.token));
      return;
    }
    const verdict = judgeRequest(request, found.stat);
    describeFile(response, found, query.download !== undefined);
    if (!begin(response, verdict, found.stat) || request.method === 'HEAD') {
      if (!response.writableEnded) response.end();
      return;
    }
    const range = verdict.status === 206 ? verdict.range : undefined;
    const bytes = range === undefined ? found.stat.size : range.end - range.start + 1;
    await send(() => files.open(found, range), bytes, response);
  });
}

/** What is played, and not only looked at. */
function isMedia({ type }: AssetFileFound): boolean {
  return /^(?:video|audio)\//.test(type);
}

export function judgeRequest(request: Request, of: Representation): Verdict {
  const headers = {
    range: request.get('Range'),
    ifMatch: request.get('If-Match'),
    ifNoneMatch: request.get('If-None-Match'),
    ifModifiedSince: request.get('If-Modified-Since'),
    ifUnmodifiedSince: request.get('If-Unmodified-Since'),
    ifRange: request.get('If-Range'),
  };
  return judge(headers, of, new Date());
}

/** What is private or public may become the other any moment: everybody asks each time. */
export function cacheControl({ visibility }: Pick<AssetFileFound, 'visibility'>): string {
  return visibility === 'public' ? 'no-cache' : 'private, no-cache';
}

function describeFile(response: Response, found: AssetFileFound, download: boolean): void {
  const { stat, type, isOriginal, downloadName } = found;
  response.set({
    'Accept-Ranges': 'bytes',
    'Cache-Control': isOriginal ? 'private, no-cache' : cacheControl(found),
    'Content-Security-Policy': INERT,
    ETag: stat.etag,
    'Last-Modified': stat.modified.toUTCString(),
    'X-Content-Type-Options': 'nosniff',
  });
  // Beside what it varies by already: for pages of other sites by their origin.
  response.vary('Authorization').vary('Cookie');
  // Not by express, which would add a character set to text: files say theirs themselves.
  response.setHeader('Content-Type', type);
  if (!download && !isOriginal) return;
  const kind = download || type === UNKNOWN_TYPE ? 'attachment' : 'inline';
  response.set('Content-Disposition', contentDisposition(kind, downloadName));
}

/** @returns whether bytes of the file follow */
function begin(response: Response, verdict: Verdict, { size }: Representation): boolean {
  response.status(verdict.status);
  switch (verdict.status) {
    case 200:
      response.set('Content-Length', String(size));
      return size > 0;
    case 206: {
      const { start, end } = verdict.range;
      response.set('Content-Range', `bytes ${start}-${end}/${size}`);
      response.set('Content-Length', String(end - start + 1));
      return true;
    }
    case 416:
      response.set('Content-Range', `bytes */${size}`);
      refuse(response, 'There is nothing in this range.');
      return false;
    case 412:
      refuse(response, 'The file is another one.');
      return false;
    default:
      response.removeHeader('Content-Type');
      return false;
  }
}

function refuse(response: Response, message: string): void {
  const error = toWireError(new SfumatoError('badRequest', message));
  for (const name of ['Content-Disposition', 'Content-Type']) response.removeHeader(name);
  response.json({ error });
}

const codedSchema = z.object({ code: z.string() });
/** The client has gone, in the middle or before the first byte; that is how most films end. */
const GONE = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE']);

/** The file is closed when everything is sent, and when whoever wanted it has gone. */
async function send(
  open: () => Promise<Readable>,
  bytes: number,
  response: Response,
): Promise<void> {
  const stream = await openOrNothing(open, response);
  try {
    await pipeline(stream, (chunks) => allOf(chunks, bytes), response);
  } catch (error) {
    if (!GONE.has(codedSchema.safeParse(error).data?.code ?? '')) throw error;
  } finally {
    // `pipeline` leaves it open where there was nobody to send it to any more.
    stream.destroy();
  }
}

/** What ends short of its Content-Length must break off, or the client waits for the rest for ever. */
async function* allOf(
  chunks: AsyncIterable<string | Buffer>,
  bytes: number,
): AsyncGenerator<string | Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    left -= Buffer.byteLength(chunk);
    yield chunk;
  }
  if (left > 0) throw new SfumatoError('unavailable', 'The file became shorter while it was sent.');
}

/** What was said of the file is not true of an error. */
async function openOrNothing(open: () => Promise<Readable>, response: Response) {
  try {
    return await open();
  } catch (error) {
    for (const name of ['Content-Length', 'Content-Range', 'Content-Type', 'ETag']) {
      response.removeHeader(name);
    }
    throw error;
  }
}
