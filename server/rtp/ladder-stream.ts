import { EncoderLink, type EncodedPicture, type EncoderPaths } from './encoder-link.ts';
import { H264Assembler } from './h264-assembler.ts';
import { HoldBack } from './hold-back.ts';
import type { LadderOptions, LadderPeer } from './ladder-messages.ts';
import { openPumpSocket, type PumpSocket } from './pump-socket.ts';
import { RecentPictures } from './recent-pictures.ts';
import {
  buildPictureLossIndication,
  readPictureLossIndication,
  splitCompound,
} from './rtcp-feedback.ts';
import {
  EXTENDED_RTP_HEADER_BYTES,
  type ParsedRtpPacket,
  parseRtpPacket,
  RTP_HEADER_BYTES,
  writeAbsCaptureTime,
  writeRtpHeader,
} from './rtp-packet.ts';
import { buildSenderReport, isRtcp, parseSenderReport } from './sender-report.ts';
import { SourceClock } from './source-clock.ts';

const VIDEO_CLOCK_RATE = 90_000;

/** An encoder on a machine that is busy must not hold the original up longer than this. */
const LONGEST_HOLD_MS = 120;

/** A Layer that begins, or begins again, is switched to only once its reports are there. */
const EARLY_REPORT_INTERVAL_MS = 100;
const EARLY_REPORTS_MS = 2_000;
const REPORT_INTERVAL_MS = 1_000;

/** Farther behind than this, the encoded Layers are still catching up, or have lost touch. RTP clock. */
const CLOSE_TICKS = 0.3 * VIDEO_CLOCK_RATE;
const APART_TICKS = 1 * VIDEO_CLOCK_RATE;

/** The encoder goes on without a key frame, the SFU asks the source twice a second at most. */
const KEY_FRAME_INTERVAL_MS = 500;

export type LadderStreamEvents = { flowing(): void; stalled(): void };

interface OutLayer {
  ssrc: number;
  sequenceNumber: number;
  packets: number;
  octets: number;
  /** Its last picture since the encoder began, RTP clock. */
  reached: number | undefined;
}

interface OutPacket {
  marker: boolean;
  timestamp: number;
  payload: Uint8Array;
  beginsPicture: boolean;
}

/**
 * One source with its lower Layers, in and out by one socket: the original comes from the SFU and goes back
 * to it, in other headers only, as the top Layer; besides, an encoder is fed with it for as long as one is
 * wanted, and what that makes goes out as the Layers below, on the same RTP clock.
 */
export class LadderStream {
  readonly #options: LadderOptions;
  readonly #events: LadderStreamEvents;
  readonly #socket: PumpSocket;
  readonly #layers: OutLayer[];
  readonly #clock = new SourceClock(VIDEO_CLOCK_RATE);
  readonly #hold = new HoldBack(LONGEST_HOLD_MS, (header, payload) =>
    this.#socket.write(header, payload),
  );
  readonly #recent = new RecentPictures();
  readonly #assembler = new H264Assembler((unit) => {
    this.#recent.push(unit);
    this.#encoder?.push(unit);
  });
  #newest = 0;
  #peer: LadderPeer | undefined;
  #encoder: EncoderLink | undefined;
  #flowingSinceMs: number | undefined;
  #keyFrameAskedMs = Number.NEGATIVE_INFINITY;
  #reports: NodeJS.Timeout | undefined;
  #reportsSinceMs = 0;
  #closed = false;

  static async open(options: LadderOptions, events: LadderStreamEvents): Promise<LadderStream> {
    const stream: LadderStream = new LadderStream(
      options,
      events,
      await openPumpSocket((message) => stream.#take(message)),
    );
    return stream;
  }

  private constructor(options: LadderOptions, events: LadderStreamEvents, socket: PumpSocket) {
    this.#options = options;
    this.#events = events;
    this.#socket = socket;
    this.#layers = options.ssrcs.map((ssrc) => ({
      ssrc,
      sequenceNumber: 0,
      packets: 0,
      octets: 0,
      reached: undefined,
    }));
  }

  get port(): number {
    return this.#socket.port;
  }

  async start(peer: LadderPeer): Promise<void> {
    this.#peer = peer;
    await this.#socket.connect(peer.target);
    this.#askForKeyFrame();
    this.#reportEarly();
  }

  /** Gets ready for an encoder, in place of one that may have been there. */
  async encode(paths: EncoderPaths): Promise<void> {
    this.rest();
    const encoder = await EncoderLink.listen(paths, this.#recent, {
      picture: (picture) => this.#sendEncoded(picture),
      keyFrameNeeded: () => this.#askForKeyFrame(),
      stalled: () => this.#events.stalled(),
    });
    if (this.#closed) return encoder.close();
    this.#encoder = encoder;
  }

  /** No encoder is wanted any more; the original goes on. */
  rest(): void {
    this.#encoder?.close();
    this.#encoder = undefined;
    this.#flowingSinceMs = undefined;
    for (const layer of this.#layers) layer.reached = undefined;
    this.#hold.open();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.rest();
    clearTimeout(this.#reports);
    this.#socket.close();
  }

  #take(message: Buffer): void {
    if (isRtcp(message)) return this.#takeReports(message);
    const packet = parseRtpPacket(message);
    if (packet === undefined || packet.ssrc !== this.#peer?.sourceSsrc) return;
    const beginsPicture = packet.timestamp !== this.#newest;
    this.#newest = packet.timestamp;
    this.#sendOriginal(packet, beginsPicture);
    this.#assembler.push(packet, performance.now());
  }

  #takeReports(compound: Buffer): void {
    const report = parseSenderReport(compound);
    if (report !== undefined && report.ssrc === this.#peer?.sourceSsrc) {
      this.#clock.take(report, performance.now());
      this.#report();
    }
    const top = this.#layers.at(-1);
    for (const packet of splitCompound(compound)) {
      // Those below make their own key frames, often and on no request.
      if (readPictureLossIndication(packet) === top?.ssrc) this.#askForKeyFrame();
    }
  }

  #sendOriginal(
    { marker, sequenceNumber, timestamp, payload }: ParsedRtpPacket,
    beginsPicture: boolean,
  ): void {
    const top = this.#layers.at(-1);
    if (top === undefined) return;
    top.sequenceNumber = sequenceNumber;
    const header = this.#header(top, { marker, timestamp, payload, beginsPicture });
    if (this.#flowingSinceMs === undefined) this.#socket.write(header, payload);
    else this.#hold.push(header, payload, timestamp);
  }

  #sendEncoded({ output, timestamp, payloads }: EncodedPicture): void {
    const layer = this.#layers[output];
    if (layer === undefined) return;
    layer.reached = timestamp;
    this.#follow();
    // Pictures of the past are of no use to anybody.
    if (this.#flowingSinceMs === undefined) return;
    for (const [index, payload] of payloads.entries()) {
      const marker = index === payloads.length - 1;
      const packet = { marker, timestamp, payload, beginsPicture: index === 0 };
      this.#socket.write(this.#header(layer, packet), payload);
      layer.sequenceNumber = (layer.sequenceNumber + 1) & 0xffff;
    }
    this.#release();
  }

  /** Do the encoded Layers keep up with the original? */
  #follow(): void {
    const slowest = this.#slowest();
    if (slowest === undefined) return;
    const behind = (this.#newest - slowest) | 0;
    if (this.#flowingSinceMs === undefined && behind < CLOSE_TICKS) {
      this.#flowingSinceMs = performance.now();
      this.#reportEarly();
      this.#events.flowing();
    } else if (this.#flowingSinceMs !== undefined && behind > APART_TICKS) {
      this.#flowingSinceMs = undefined;
      this.#hold.open();
    }
  }

  /** The original goes as far as the slowest of the others has come. */
  #release(): void {
    const slowest = this.#slowest();
    if (slowest !== undefined) this.#hold.release(slowest);
  }

  #slowest(): number | undefined {
    const reached = this.#layers.slice(0, -1).map((layer) => layer.reached);
    const known = reached.filter((one) => one !== undefined);
    if (known.length < reached.length) return undefined;
    return known.reduce((least, one) => (((one - least) | 0) < 0 ? one : least));
  }

  #header(layer: OutLayer, { marker, timestamp, payload, beginsPicture }: OutPacket): Uint8Array {
    const epochMs = beginsPicture ? this.#clock.epochOf(timestamp) : undefined;
    const isExtended = epochMs !== undefined;
    const header = Buffer.alloc(isExtended ? EXTENDED_RTP_HEADER_BYTES : RTP_HEADER_BYTES);
    const { payloadType, absCaptureTimeId } = this.#options;
    writeRtpHeader(header, payloadType, marker, layer.sequenceNumber, timestamp, layer.ssrc);
    if (isExtended) writeAbsCaptureTime(header, absCaptureTimeId, epochMs);
    layer.packets += 1;
    layer.octets += payload.length;
    return header;
  }

  #askForKeyFrame(): void {
    const nowMs = performance.now();
    const top = this.#layers.at(-1);
    if (this.#peer === undefined || top === undefined) return;
    if (nowMs - this.#keyFrameAskedMs < KEY_FRAME_INTERVAL_MS) return;
    this.#keyFrameAskedMs = nowMs;
    this.#socket.writeReport(buildPictureLossIndication(top.ssrc, this.#peer.sourceSsrc));
  }

  #reportEarly(): void {
    this.#reportsSinceMs = performance.now();
    this.#report();
  }

  /** One datagram each: the SFU takes several reports of one moment for one. */
  #report(): void {
    const nowMs = performance.now();
    const moment = this.#clock.at(nowMs);
    if (moment !== undefined) {
      for (const layer of this.#layers) {
        if (layer.packets > 0) this.#socket.writeReport(this.#reportOf(layer, moment));
      }
    }
    const isEarly = nowMs - this.#reportsSinceMs < EARLY_REPORTS_MS;
    clearTimeout(this.#reports);
    this.#reports = setTimeout(
      () => this.#report(),
      isEarly ? EARLY_REPORT_INTERVAL_MS : REPORT_INTERVAL_MS,
    );
  }

  #reportOf(
    { ssrc, packets, octets }: OutLayer,
    moment: { epochMs: number; rtpTimestamp: number },
  ): Buffer {
    return buildSenderReport({
      ssrc,
      ...moment,
      packetCount: packets >>> 0,
      octetCount: octets % 2 ** 32,
      cname: this.#options.cname,
    });
  }
}
