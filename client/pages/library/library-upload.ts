import type { DetailedError, Upload } from 'tus-js-client';
import * as z from 'zod';
import { type Asset, type Visibility, wireErrorSchema } from '../../../signaling/contract/index.ts';
import type { ChosenFile } from './library-files.ts';
import { fingerprintOf, holdUpload } from './library-interrupted.ts';
import { type Sample, speedOf, withSample } from './library-rate.ts';
import { forgetHandle, keepHandle, uploadStorage } from './library-upload-store.ts';
import { nextState, type UploadEvent, type UploadState } from './library-upload-state.ts';

/**
 * Bytes of one request: a server cuts it after five minutes, which 0.5 Mbit/s are enough for, and proxies often take
 * no more than 100 MB.
 */
const CHUNK_BYTES = 16 * 1024 * 1024;
/** Milliseconds without a byte after which a connection counts as lost, whatever the browser thinks of it. */
const STALLED_MS = 30_000;
const LOOK_MS = 1_000;

export type UploadDetails = {
  /** As new ones are here, where it is undefined. */
  visibility: Visibility | undefined;
  collection: string | undefined;
};

/** One file on its way to the server, with whatever happens to the network meanwhile. */
export class FileUpload {
  readonly name: string;
  readonly size: number;
  readonly fingerprint: string;
  state: UploadState = { name: 'queued' };
  sent = 0;
  /** As far as the server has said what it will be. */
  assetId: string | undefined;
  asset: Asset | undefined;
  /** An Asset that is the same. */
  duplicate: Asset | undefined;
  readonly #chosen: ChosenFile;
  readonly #metadata: Record<string, string>;
  readonly #changed: () => void;
  #samples: Sample[] = [];
  #tus: Upload | undefined;
  /** Where the server takes it. */
  #url: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #movedAt = 0;
  /** Of the tries: only the newest begins. */
  #round = 0;
  #release: (() => void) | undefined;

  constructor(chosen: ChosenFile, details: UploadDetails, changed: () => void) {
    const { file } = chosen;
    this.#chosen = chosen;
    this.name = file.name;
    this.size = file.size;
    this.fingerprint = fingerprintOf(file);
    this.#metadata = {
      filename: file.name,
      ...(details.visibility !== undefined && { visibility: details.visibility }),
      ...(details.collection !== undefined && { collection: details.collection }),
    };
    this.#changed = changed;
  }

  /** Bytes a second, while it is being sent. */
  get speed(): number | null {
    return this.state.name === 'sending' ? speedOf(this.#samples) : null;
  }

  /** Who is being sent already is not sent a second time. */
  begin(): void {
    const { name } = this.state;
    if (name !== 'queued' && name !== 'waiting') return;
    this.#to({ name: 'begin' });
    void this.#send();
  }

  pause(): void {
    this.#to({ name: 'pause' });
    void this.#tus?.abort();
  }

  resume(): void {
    this.#to({ name: 'resume' });
  }

  /** The network may be there again: who waits for it does not wait any longer. */
  hurry(): void {
    if (this.state.name === 'waiting') this.begin();
  }

  /** The network is gone: browsers may leave what is under way hanging instead of saying so. */
  interrupt(): void {
    if (this.state.name === 'sending') this.#giveUpConnection();
  }

  refuse(reason: string): void {
    this.#to({ name: 'refuse', reason });
  }

  /** What was sent is thrown away, here and there. */
  async cancel(): Promise<void> {
    this.#to({ name: 'cancel' });
    await forgetHandle(this.fingerprint);
    try {
      await this.#tus?.abort(true);
    } catch (error) {
      // The server throws it away by itself, in its time.
      console.debug('sfumato: an upload that was not ended', error);
    }
  }

  async #send(): Promise<void> {
    this.#release ??= holdUpload(this.fingerprint);
    this.#samples = [];
    this.#movedAt = performance.now();
    this.#watch();
    this.#round += 1;
    const round = this.#round;
    try {
      const tus = this.#tus ?? (await this.#create());
      // Somebody may have thought better of it, and once more, while the code was fetched.
      if (round !== this.#round || this.state.name !== 'sending') return;
      this.#tus = tus;
      tus.start();
    } catch (error) {
      console.warn('sfumato: upload', error);
      this.#lose();
    }
  }

  async #create(): Promise<Upload> {
    const { Upload } = await import('tus-js-client');
    const upload = new Upload(this.#chosen.file, {
      endpoint: `${location.origin}/api/v1/uploads`,
      chunkSize: CHUNK_BYTES,
      uploadUrl: this.#url,
      metadata: this.#metadata,
      // When to try again is decided by `UploadState`: without end.
      retryDelays: null,
      urlStorage: uploadStorage,
      removeFingerprintOnSuccess: true,
      fingerprint: () => Promise.resolve(this.fingerprint),
      onAfterResponse: (_request, response) => {
        this.assetId = response.getHeader('Asset-Id') ?? this.assetId;
      },
      onUploadUrlAvailable: () => this.#onUrl(upload.url),
      onProgress: (bytes) => this.#onProgress(bytes),
      onSuccess: () => this.#onSuccess(),
      onError: (error) => this.#onError(error),
    });
    const [previous] = await upload.findPreviousUploads();
    if (previous !== undefined) upload.resumeFromPreviousUpload(previous);
    return upload;
  }

  #onUrl(url: string | null): void {
    this.#url = url;
    void keepHandle(this.fingerprint, this.#chosen.handle);
  }

  #onProgress(bytes: number): void {
    this.sent = bytes;
    this.#movedAt = performance.now();
    this.#samples = withSample(this.#samples, { at: this.#movedAt, bytes });
    this.#to({ name: 'moved' });
  }

  #onSuccess(): void {
    this.sent = this.size;
    this.#to({ name: 'finish' });
    void forgetHandle(this.fingerprint);
  }

  #onError(error: Error): void {
    const reason = refusal(error);
    if (reason === null) return this.#lose();
    // It has forgotten where it was: whoever tries again, logged in perhaps, goes on there.
    this.#tus = undefined;
    this.refuse(reason);
  }

  #lose(): void {
    this.#to({ name: 'lost', now: performance.now() });
  }

  /** Looks whether something is due, or nothing comes any more. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const now = performance.now();
      const { state } = this;
      if (state.name === 'waiting' && now >= state.until) this.begin();
      if (state.name === 'sending' && this.#isStalled(now)) this.#giveUpConnection();
      if (state.name === 'waiting' || state.name === 'sending') this.#watch();
    }, LOOK_MS);
  }

  /** After the last byte the server has something to do, and may take its time. */
  #isStalled(now: number): boolean {
    return this.sent < this.size && now - this.#movedAt > STALLED_MS;
  }

  #giveUpConnection(): void {
    void this.#tus?.abort();
    this.#lose();
  }

  #to(event: UploadEvent): void {
    this.state = nextState(this.state, event);
    if (this.state.name !== 'sending' && this.state.name !== 'waiting') {
      clearTimeout(this.#timer);
      this.#release?.();
      this.#release = undefined;
    }
    this.#changed();
  }
}

/** A timeout, a conflict over a lock, too many requests, a server that is not well: another try may help. */
const PASSING = new Set([408, 409, 423, 425, 429]);

/** Why the server will not have it. @returns null where another try may help */
function refusal(error: Error): string | null {
  const response = responseOf(error);
  const status = response?.getStatus() ?? 0;
  if (response === null || status === 0 || PASSING.has(status)) return null;
  if (status >= 500 && status !== 507) return null;
  return reasonOf(response.getBody()) ?? `The server answered ${status}.`;
}

function responseOf(error: Error | DetailedError): DetailedError['originalResponse'] {
  return 'originalResponse' in error ? error.originalResponse : null;
}

/** @returns the server's sentence, in the one shape of its errors, or as it is where it is short */
export function reasonOf(body: string): string | null {
  try {
    const { error } = z.object({ error: wireErrorSchema }).parse(JSON.parse(body));
    return [error.message, error.hint].filter(Boolean).join(' ');
  } catch {
    const text = body.trim();
    return text === '' || text.length > 200 || text.startsWith('<') ? null : text;
  }
}
