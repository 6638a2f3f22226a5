import { finished } from 'node:stream/promises';
import type { Request } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SfumatoError } from '../../signaling/contract/index.ts';

export const UPLOAD_TYPE = 'application/octet-stream';

/** What keeps it from being a hole into which anybody may pour. */
export const UPLOAD_PROBE_LIMITS = {
  /** Of one request. */
  bytes: 2 * 1024 * 1024,
  /** Of one Channel in a minute: several probes of a page, whoever asks for them. */
  bytesAMinute: 24 * 1024 * 1024,
  /** A request that takes longer is cut, milliseconds. */
  timeMs: 5_000,
  /** Of one Channel at once. */
  atOnce: 2,
} as const;

type Limits = { [L in keyof typeof UPLOAD_PROBE_LIMITS]: number };

/** Takes what a broadcaster sends to find out how fast its link is, and keeps nothing of it. */
export class UploadProbe {
  readonly #limits: Limits;
  readonly #bytes: RateLimiterMemory;
  readonly #running = new Map<string, number>();

  constructor(limits: Limits = UPLOAD_PROBE_LIMITS) {
    this.#limits = limits;
    this.#bytes = new RateLimiterMemory({ points: limits.bytesAMinute, duration: 60 });
  }

  /**
   * @returns how much has arrived
   * @throws SfumatoError `unsupportedMedia`, `tooLarge`, `tooMany`, `timeout`
   */
  async take(channelId: string, request: Request): Promise<{ bytes: number }> {
    const announced = this.#announced(request);
    const running = this.#running.get(channelId) ?? 0;
    if (running >= this.#limits.atOnce) throw tooMany(1_000);
    this.#count(channelId, 1);
    try {
      await this.#spend(channelId, announced);
      return { bytes: await this.#discard(request) };
    } finally {
      this.#count(channelId, -1);
    }
  }

  #count(channelId: string, change: 1 | -1): void {
    const running = (this.#running.get(channelId) ?? 0) + change;
    if (running === 0) this.#running.delete(channelId);
    else this.#running.set(channelId, running);
  }

  /** The limiter rejects with its state, not with an error, when the limit is reached. */
  async #spend(channelId: string, bytes: number): Promise<void> {
    const refusal: unknown = await this.#bytes.consume(channelId, bytes).then(
      () => undefined,
      (state: unknown) => state,
    );
    if (refusal !== undefined) throw tooMany(Reflect.get(Object(refusal), 'msBeforeNext'));
  }

  /** HTTP itself holds a sender to the length that it has announced (RFC 9110 section 8.6). */
  #announced(request: Request): number {
    if (!request.is(UPLOAD_TYPE)) {
      throw new SfumatoError('unsupportedMedia', `The body must be ${UPLOAD_TYPE}.`);
    }
    const length = Number(request.get('Content-Length') ?? Number.NaN);
    if (length >= 0 && length <= this.#limits.bytes) return length;
    throw new SfumatoError('tooLarge', `${this.#limits.bytes} bytes at most, and their number.`, {
      hint: 'Send a `Content-Length`.',
    });
  }

  async #discard(request: Request): Promise<number> {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const signal = AbortSignal.timeout(this.#limits.timeMs);
    await finished(request, { signal, writable: false }).catch((cause: unknown) => {
      request.pause();
      throw new SfumatoError('timeout', 'The bytes came too slowly, or not at all.', { cause });
    });
    return bytes;
  }
}

function tooMany(waitMs: unknown): SfumatoError {
  return new SfumatoError('tooMany', 'The link of this Channel was probed too often.', {
    retryAfterSeconds: Math.ceil((typeof waitMs === 'number' ? waitMs : 1_000) / 1_000),
  });
}
