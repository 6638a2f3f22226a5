import type { MediaChunk } from './media-chunk.ts';
import { type PlayoutClock, rtpTimestamp } from './playout-clock.ts';
import {
  EXTENDED_RTP_HEADER_BYTES,
  RTP_HEADER_BYTES,
  writeAbsCaptureTime,
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
  absCaptureTimeId: number | undefined;
  /** RFC 3550 section 5.1: both begin at random values. */
  firstSequenceNumber: number;
  timestampOffset: number;
};

/** Hands a datagram to the socket. The header may be overwritten after `HEADER_SLOTS` more packets. */
export type WritePacket = (header: Uint8Array, payload: Uint8Array) => void;

/**
 * Headers in flight: the socket nearly always copies a datagram at once, and where the kernel makes
 * it wait, this many packets later its header is free again.
 */
const HEADER_SLOTS = 256;

/** The state of one SSRC: numbers that go on over rounds and retargets. */
export class RtpSender {
  readonly #options: RtpSenderOptions;
  readonly #plainHeaders: HeaderRing;
  readonly #extendedHeaders: HeaderRing;
  #sequenceNumber: number;
  #packets = 0;
  #octets = 0;
  #startedMs = Number.POSITIVE_INFINITY;
  #reportDueMs = Number.POSITIVE_INFINITY;

  constructor(options: RtpSenderOptions) {
    this.#options = options;
    this.#sequenceNumber = options.firstSequenceNumber;
    this.#plainHeaders = new HeaderRing(RTP_HEADER_BYTES);
    this.#extendedHeaders = new HeaderRing(
      options.absCaptureTimeId === undefined ? 0 : EXTENDED_RTP_HEADER_BYTES,
    );
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

  sendFrame(
    chunk: MediaChunk,
    frame: number,
    position: number,
    nowMs: number,
    captureEpochMs: number,
    write: WritePacket,
  ): void {
    const { payloadType, clockRate, ssrc, absCaptureTimeId, timestampOffset } = this.#options;
    const timestamp = rtpTimestamp(position, clockRate, timestampOffset);
    const first = chunk.firstPayload[frame] ?? 0;
    const end = chunk.firstPayload[frame + 1] ?? 0;
    for (let index = first; index < end; index += 1) {
      const payload = chunk.payloads[index];
      if (!payload) continue;
      const isExtended = absCaptureTimeId !== undefined && index === first;
      const header = (isExtended ? this.#extendedHeaders : this.#plainHeaders).next();
      // Audio has no marker here: it would say that a talkspurt begins (RFC 7587 section 4.2).
      const marker = clockRate === 90_000 && index === end - 1;
      writeRtpHeader(header, payloadType, marker, this.#sequenceNumber, timestamp, ssrc);
      if (isExtended) writeAbsCaptureTime(header, absCaptureTimeId, captureEpochMs);
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

  #expectReports(nowMs: number): void {
    if (this.#startedMs !== Number.POSITIVE_INFINITY) return;
    this.#startedMs = nowMs;
    this.#reportDueMs = nowMs;
  }
}

/** Header buffers that are used again in turn, so that a packet allocates none. */
class HeaderRing {
  readonly #slots: Buffer[];
  #index = 0;

  constructor(bytes: number) {
    const memory = Buffer.alloc(bytes * HEADER_SLOTS);
    this.#slots = Array.from({ length: bytes === 0 ? 0 : HEADER_SLOTS }, (_, index) =>
      memory.subarray(index * bytes, (index + 1) * bytes),
    );
  }

  next(): Buffer {
    this.#index = (this.#index + 1) % HEADER_SLOTS;
    const slot = this.#slots[this.#index];
    if (!slot) throw new Error('This sender has no such headers.');
    return slot;
  }
}
