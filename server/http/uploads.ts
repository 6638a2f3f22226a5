import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { Metadata, Server } from '@tus/server';
import { z } from 'zod';
import { type ErrorCode, SfumatoError } from '../../signaling/contract/index.ts';
import { demand, type Principal } from '../access/principal.ts';
import type { NewUpload, Uploads } from '../library/uploads/uploads.ts';
import type { RequestCredentials } from './credentials.ts';
import { ownerOf, readerOf } from './library-reader.ts';
import { uploadHeadersSchema, uploadMetadataSchema } from './schemas/uploads.ts';

const PATH = '/api/v1/uploads';
const TUS_VERSION = '1.0.0';

/** What pages of other sites, which have a token, may read of our answers beside what tus says. */
const EXPOSED = ['Asset-Id', 'Upload-Expires', 'Retry-After'];

/** `/api/v1/uploads`: files come in by tus 1.0 (https://tus.io/protocols/resumable-upload). */
export function uploadsDoor(uploads: Uploads, credentials: RequestCredentials): Router {
  const ids = new WeakMap<object, string>();
  const tus = createTus(uploads, ids);
  const writer = async (request: Request): Promise<Principal> =>
    demand(await credentials.identify(request), 'library:write');
  const router = express.Router();
  router.use(readableElsewhere);
  router.options(['/', '/:id'], (request, response) => tus.handle(request, response));
  router.post('/', demandTus, async (request, response) => {
    const principal = await writer(request);
    const reader = readerOf(principal);
    const { id, assetId } = await uploads.create(announced(request), ownerOf(principal), reader);
    ids.set(request, id);
    response.set('Asset-Id', assetId);
    try {
      await tus.handle(request, response);
    } catch (error) {
      // Nobody was told where to go on.
      await uploads.end(id, reader);
      throw error;
    }
  });
  router.head('/:id', demandTus, continued);
  router.patch('/:id', demandTus, continued);
  router.delete('/:id', demandTus, async (request, response) => {
    await uploads.end(request.params.id, readerOf(await writer(request)));
    response.status(204).end();
  });
  router.all('/', refuseMethod('OPTIONS, POST'));
  router.all('/:id', refuseMethod('DELETE, HEAD, OPTIONS, PATCH'));
  return router;

  async function continued(request: Request<{ id: string }>, response: Response) {
    const reader = readerOf(await writer(request));
    const upload = await uploads.demand(request.params.id, reader);
    if (request.method === 'HEAD') await uploads.finishIfWhole(upload);
    response.set('Asset-Id', upload.assetId);
    await tus.handle(request, response);
  }
}

function createTus(uploads: Uploads, ids: WeakMap<object, string>): Server {
  return new Server({
    path: PATH,
    datastore: uploads.files,
    maxSize: uploads.maxBytes,
    // Whatever name the server has for whoever asks.
    relativeLocation: true,
    exposedHeaders: EXPOSED,
    namingFunction: ({ runtime }) => {
      const id = runtime?.node && ids.get(runtime.node.req);
      if (id === undefined) throw new Error('an upload that was not announced');
      return id;
    },
    onUploadFinish: async (_request, { id }) => {
      await uploads.finish(id);
      return {};
    },
    // Thrown on to the one place in which all errors get their form.
    onResponseError: (_request, error) => {
      throw inOurWords(error);
    },
  });
}

/** @throws SfumatoError `badRequest` */
function announced(request: Request): NewUpload {
  if (request.get('Upload-Defer-Length') !== undefined) {
    throw new SfumatoError('badRequest', 'The length is to be known before: `Upload-Length`.', {
      hint: 'So it can be said at once whether there is room. `Upload-Defer-Length` is not supported.',
    });
  }
  const headers = parse(uploadHeadersSchema, request.headers);
  const metadata = decode(headers['upload-metadata']);
  const named = Object.entries(metadata).filter(([, value]) => value !== null && value !== '');
  const wanted = parse(uploadMetadataSchema, Object.fromEntries(named));
  return { ...wanted, bytes: headers['upload-length'], metadata };
}

function decode(header: string): Record<string, string | null> {
  try {
    return Metadata.parse(header);
  } catch (cause) {
    throw new SfumatoError('badRequest', '`Upload-Metadata` cannot be read.', {
      cause,
      hint: 'It is pairs of a name and a text in Base64, separated by commas: `filename Y2F0Lm1wNA==`.',
    });
  }
}

function parse<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SfumatoError('badRequest', `The upload is not as it must be. ${faults.join('; ')}`, {
    hint: 'docs/library.md says what an upload can be told.',
  });
}

/** Errors too: a page that cannot read them cannot say what is the matter. */
const readableElsewhere: RequestHandler = (_request, response, next) => {
  response.set({
    'Tus-Resumable': TUS_VERSION,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': EXPOSED.join(', '),
  });
  next();
};

/** tus 1.0, "Tus-Resumable": 412 for any other version. What the headers of tus' own are is looked at as well. */
function demandTus<P>(request: Request<P>, response: Response, next: NextFunction): void {
  if (request.get('Tus-Resumable') !== TUS_VERSION) {
    const message = 'This is spoken to by tus 1.0: `Tus-Resumable: 1.0.0`.';
    response.status(412).set('Tus-Version', TUS_VERSION);
    response.json({ error: { code: 'unsupportedProtocol', message } });
    return;
  }
  if (request.method === 'PATCH') demandPart(request);
  next();
}

function demandPart<P>(request: Request<P>): void {
  if (!/^\d{1,15}$/.test(request.get('Upload-Offset') ?? '')) {
    throw new SfumatoError('badRequest', '`Upload-Offset` must be there, in digits.');
  }
  if (request.get('Content-Type') !== 'application/offset+octet-stream') {
    throw new SfumatoError('unsupportedMedia', 'The body must be a part of the file.', {
      hint: 'Send `Content-Type: application/offset+octet-stream`.',
    });
  }
}

function refuseMethod(allowed: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', allowed);
    throw new SfumatoError('unknownMethod', 'This cannot be done here.', {
      hint: `It can be asked with ${allowed}.`,
    });
  };
}

const tusErrorSchema = z.object({ status_code: z.number(), body: z.string() });

const TUS_ERRORS: Record<number, [ErrorCode, string]> = {
  400: ['badRequest', 'The upload was interrupted, or goes on elsewhere.'],
  403: ['badRequest', 'A header of tus is missing.'],
  404: ['notFound', 'There is no such upload.'],
  409: ['conflict', 'Another offset is next: `HEAD` tells it.'],
  410: ['notFound', 'The upload has expired.'],
  413: ['tooLarge', 'More came than was announced.'],
  501: ['badRequest', 'This extension of tus is not supported: `OPTIONS` tells which are.'],
  500: ['unavailable', 'The upload is being written to by another request.'],
};

/** What tus throws: its own, which are no errors, or ours. */
function inOurWords(thrown: unknown): unknown {
  if (thrown instanceof SfumatoError) return thrown;
  const { data } = tusErrorSchema.safeParse(thrown);
  const known = data && TUS_ERRORS[data.status_code];
  return known === undefined ? thrown : new SfumatoError(...known);
}
