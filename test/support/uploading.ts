import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Upload, type UploadOptions } from 'tus-js-client';
import { z } from 'zod';
import { type Asset, assetSchema } from '../../signaling/contract/index.ts';
import { until } from './live-server.ts';

export const encode = (metadata: Record<string, string>): string =>
  Object.entries(metadata)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const errorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

/** A server to upload to, as one person. */
export class Uploader {
  readonly url: string;
  readonly headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string>) {
    this.url = url;
    this.headers = headers;
  }

  /** Uploads with tus-js-client, as pages and programs do. */
  send(
    source: Buffer | Readable,
    metadata: Record<string, string>,
    options: Partial<UploadOptions> = {},
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      let assetId: string | null | undefined;
      new Upload(source, {
        endpoint: `${this.url}/api/v1/uploads`,
        headers: this.headers,
        metadata,
        retryDelays: null,
        onAfterResponse: (_request, response) => {
          assetId ??= response.getHeader('Asset-Id');
        },
        onError: reject,
        onSuccess: () => resolve(assetId ?? ''),
        ...options,
      }).start();
    });
  }

  /** A plain request of tus. @param path of the upload, `/api/v1/uploads/...` */
  ask(
    method: string,
    path = '/api/v1/uploads',
    headers: Record<string, string> = {},
    body?: Buffer<ArrayBuffer>,
  ): Promise<Response> {
    const all = { 'Tus-Resumable': '1.0.0', ...this.headers, ...headers };
    return fetch(`${this.url}${path}`, { method, headers: all, ...(body && { body }) });
  }

  announce(
    metadata: Record<string, string>,
    bytes: number,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.ask('POST', '/api/v1/uploads', {
      'Upload-Length': String(bytes),
      'Upload-Metadata': encode(metadata),
      ...headers,
    });
  }

  /** @returns the address of a new upload, and its Asset */
  async begin(filename: string, bytes: number): Promise<{ path: string; assetId: string }> {
    const answer = await this.announce({ filename }, bytes);
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    const path = answer.headers.get('Location') ?? '';
    return { path, assetId: answer.headers.get('Asset-Id') ?? '' };
  }

  part(path: string, offset: number, body: Buffer<ArrayBuffer>): Promise<Response> {
    const type = 'application/offset+octet-stream';
    return this.ask('PATCH', path, { 'Upload-Offset': String(offset), 'Content-Type': type }, body);
  }

  async offset(path: string): Promise<number> {
    return Number((await this.ask('HEAD', path)).headers.get('Upload-Offset'));
  }

  /** What the API has below `/api/v1`. */
  async get(path: string): Promise<unknown> {
    return (await fetch(`${this.url}/api/v1${path}`, { headers: this.headers })).json();
  }

  /** Undefined where there is none. */
  async asset(id: string): Promise<Asset | undefined> {
    const answer = await fetch(`${this.url}/api/v1/assets/${id}`, { headers: this.headers });
    return answer.status === 404 ? undefined : assetSchema.parse(await answer.json());
  }

  /** Waits until nothing more happens to it. */
  async settled(id: string): Promise<Asset> {
    let asset: Asset | undefined;
    await until(async () => {
      asset = await this.asset(id);
      return asset?.state === 'ready' || asset?.state === 'refused';
    });
    return assetSchema.parse(asset);
  }
}
