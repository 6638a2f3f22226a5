import type { MediaChunk } from './media-chunk.ts';
import { type PlayoutClock, rtpTimestamp } from './playout-clock.ts';
import {
  EXTENDED_RTP_HEADER_BYTES,
  RTP_HEADER_BYTES,
  UNDELAYED_RTP_HEADER_BYTES,
  writeAbsCaptureTime,
  writePlayoutDelay,
  writeRtpHeader,
} from './rtp-packet.ts';
import { buildSenderReport } from './sender-report.ts';

/** In the first second after a start, receivers still look for the clock: RFC 3550 section 6.2 allows it. */
const EARLY_REPORT_INTERVAL_MS = 200;
const EARLY_REPORTS_MS = 1000;
const REPORT_INTERVAL_MS = 1000;

export type RtpSenderOptions = {
  ssrc: number;
  payloadType: number;
  clockRate: number;
  cname: string;
  /** Header extension id; only pictures carry it. */
  absCaptureTimeId?: number | undefined;
  /** Likewise, in place of the other one: pictures are to be shown as soon as they are decoded. */
  playoutDelayId?: number | undefined;
  /** RFC 3550 section 5.1: both begin at random values. */
  firstSequenceNumber: number;
  timestampOffset: number;
};

/** Hands a datagram to the socket. The header may be overwritten after `HEADER_SLOTS` more packets. */
export type WritePacket = (header: Uint8Array, payload: Uint8Array) => void;

/** The state of one SSRC: numbers that go on over rounds and retargets. */
export class RtpSender {
  readonly #options: RtpSenderOptions;
  /** For the first packet of a frame. */
  readonly #firstHeaders: HeaderRing;
  #sequenceNumber: number;
  #packets = 0;
  #octets = 0;
  #startedMs = Number.POSITIVE_INFINITY;
  #reportDueMs = Number.POSITIVE_INFINITY;

  constructor(options: RtpSenderOptions) {
    this.#options = options;
    this.#firstHeaders = headersFor(options);
    this.#sequenceNumber = options.firstSequenceNumber;
  }

  get packets(): number {
    return this.#packets;
  }

  /** Payload bytes. */
  get octets(): number {
    return this.#octets;
  }

  /** Milliseconds of the monotonic clock; Infinity until something was sent since the start. */
  get reportDueMs(): number {
    return this.#reportDueMs;
  }

  /** A receiver that knows nothing yet: reports begin anew, after the first packet. */
  restart(): void {
    this.#startedMs = Number.POSITIVE_INFINITY;
    this.#reportDueMs = Number.POSITIVE_INFINITY;
  }

  /**
   * @param position of the frame on the timeline of the clock, seconds: its timestamp says the same
   * @param captureEpochMs what abs-capture-time says, where it is written
   * @param atOnce what playout-delay says, where it is written: to be shown as soon as it is decoded
   */
  sendFrame(
    chunk: MediaChunk,
    frame: number,
    position: number,
    nowMs: number,
    captureEpochMs: number,
    write: WritePacket,
    atOnce = false,
  ): void {
    const { payloadType, clockRate, ssrc, timestampOffset } = this.#options;
    const timestamp = rtpTimestamp(position, clockRate, timestampOffset);
    const first = chunk.firstPayload[frame] ?? 0;
    const end = chunk.firstPayload[frame + 1] ?? 0;
    for (let index = first; index < end; index += 1) {
      const payload = chunk.payloads[index];
      if (!payload) continue;
      const header = (index === first ? this.#firstHeaders : plainHeaders).next();
      // Audio has no marker here: it would say that a talkspurt begins (RFC 7587 section 4.2).
      const marker = clockRate === 90_000 && index === end - 1;
      writeRtpHeader(header, payloadType, marker, this.#sequenceNumber, timestamp, ssrc);
      if (index === first) this.#writeExtension(header, captureEpochMs, atOnce);
      write(header, payload);
      this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
      this.#octets += payload.length;
    }
    this.#packets += end - first;
    this.#expectReports(nowMs);
  }

  /** The report of this moment, and sets when the next is due. */
  takeReport(nowMs: number, clock: PlayoutClock): Buffer {
    const { ssrc, clockRate, timestampOffset, cname } = this.#options;
    const isEarly = nowMs - this.#startedMs < EARLY_REPORTS_MS;
    this.#reportDueMs = nowMs + (isEarly ? EARLY_REPORT_INTERVAL_MS : REPORT_INTERVAL_MS);
    return buildSenderReport({
      ssrc,
      epochMs: clock.epochAt(nowMs),
      rtpTimestamp: rtpTimestamp(clock.positionAt(nowMs), clockRate, timestampOffset),
      packetCount: this.#packets >>> 0,
      octetCount: this.#octets % 2 ** 32,
      cname,
    });
  }

  #writeExtension(header: Buffer, captureEpochMs: number, atOnce: boolean): void {
    const { absCaptureTimeId, playoutDelayId } = this.#options;
    if (absCaptureTimeId !== undefined)
      writeAbsCaptureTime(header, absCaptureTimeId, captureEpochMs);
    else if (playoutDelayId !== undefined) writePlayoutDelay(header, playoutDelayId, atOnce);
  }

  #expectReports(nowMs: number): void {
    if (this.#startedMs !== Number.POSITIVE_INFINITY) return;
    this.#startedMs = nowMs;
    this.#reportDueMs = nowMs;
  }
}

/**
 * Headers in flight: the socket nearly always copies a datagram at once, and where the kernel makes
 * it wait, this many packets of all senders of the thread later its header is free again.
 */
const HEADER_SLOTS = 4096;

/** Header buffers that are used again in turn, so that a packet allocates none, and an SSRC has none of its own. */
class HeaderRing {
  readonly #slots: Buffer[];
  #index = 0;

  constructor(bytes: number) {
    const memory = Buffer.alloc(bytes * HEADER_SLOTS);
    this.#slots = Array.from({ length: HEADER_SLOTS }, (_, index) =>
      memory.subarray(index * bytes, (index + 1) * bytes),
    );
  }

  next(): Buffer {
    this.#index = (this.#index + 1) % HEADER_SLOTS;
    const slot = this.#slots[this.#index];
    if (!slot) throw new Error('There are no headers.');
    return slot;
  }
}

const plainHeaders = new HeaderRing(RTP_HEADER_BYTES);
const extendedHeaders = new HeaderRing(EXTENDED_RTP_HEADER_BYTES);
const undelayedHeaders = new HeaderRing(UNDELAYED_RTP_HEADER_BYTES);

function headersFor({ absCaptureTimeId, playoutDelayId }: RtpSenderOptions): HeaderRing {
  if (absCaptureTimeId !== undefined) return extendedHeaders;
  return playoutDelayId === undefined ? plainHeaders : undelayedHeaders;
}
