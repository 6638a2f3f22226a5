import { randomInt } from 'node:crypto';
import { VIDEO_CLOCK_RATE } from './media-reader.ts';
import { OPUS_CLOCK_RATE } from './opus.ts';
import { createPlayoutClock, type PlayoutClock, rtpTimestamp } from './playout-clock.ts';
import type { PumpTarget } from './pump-messages.ts';
import { openPumpSocket, type PumpSocket } from './pump-socket.ts';
import { readPictureLossIndication, splitCompound } from './rtcp-feedback.ts';
import { RtpSender } from './rtp-sender.ts';
import type { SessionPumpOptions } from './session-pump.ts';
import type { Place } from './stored-track.ts';

/** Where the RTP clock begins: anywhere (RFC 3550 section 5.1), far enough from its end. Seconds. */
const LATEST_BEGINNING = 10_000;

/**
 * What leaves a Session: one socket, an SSRC for the picture and one for the sound, on one clock that never jumps. The
 * `line` is that clock in seconds since the Session was opened, and RTP timestamps say where on it a frame lies.
 */
export class SessionOutput {
  readonly #socket: PumpSocket;
  readonly #picture: RtpSender;
  readonly #sound: RtpSender | undefined;
  readonly #timestampOffset: number;
  readonly #clock: PlayoutClock;
  /** A picture did not arrive, and will not when its packets are asked for again. */
  onPictureLost: () => void = () => undefined;

  static async open(options: SessionPumpOptions, hasSound: boolean): Promise<SessionOutput> {
    const heard: { output?: SessionOutput } = {};
    const socket = await openPumpSocket((message) => {
      for (const packet of splitCompound(message)) {
        if (readPictureLossIndication(packet) === options.ssrcs.video)
          heard.output?.onPictureLost();
      }
    });
    heard.output = new SessionOutput(options, hasSound, socket);
    return heard.output;
  }

  private constructor(options: SessionPumpOptions, hasSound: boolean, socket: PumpSocket) {
    const beginning = randomInt(LATEST_BEGINNING);
    const nowMs = performance.now();
    this.#socket = socket;
    this.#timestampOffset = beginning * VIDEO_CLOCK_RATE;
    this.#picture = senderOf(options, 'video', beginning);
    this.#sound = hasSound ? senderOf(options, 'audio', beginning) : undefined;
    const epochMs = performance.timeOrigin + nowMs;
    this.#clock = createPlayoutClock({ nowMs, epochMs, position: 0 });
  }

  get port(): number {
    return this.#socket.port;
  }

  get packets(): number {
    return this.#picture.packets + (this.#sound?.packets ?? 0);
  }

  /** Of payload. */
  get bytes(): number {
    return this.#picture.octets + (this.#sound?.octets ?? 0);
  }

  /** When the next report is due, milliseconds; Infinity until something was sent since the last restart. */
  get reportDueMs(): number {
    return Math.min(
      this.#picture.reportDueMs,
      this.#sound?.reportDueMs ?? Number.POSITIVE_INFINITY,
    );
  }

  async connect(target: PumpTarget): Promise<void> {
    await this.#socket.connect(target);
    this.restartReports();
  }

  lineAt(nowMs: number): number {
    return this.#clock.positionAt(nowMs);
  }

  /** Milliseconds of the monotonic clock. */
  momentOf(line: number): number {
    return line === Number.POSITIVE_INFINITY ? line : this.#clock.momentOf(line);
  }

  /** Of a picture there. */
  timestampAt(line: number): number {
    return rtpTimestamp(line, VIDEO_CLOCK_RATE, this.#timestampOffset);
  }

  /** @param atOnce it is waited for: to be shown as soon as it is decoded */
  sendPicture({ chunk, frame }: Place, line: number, nowMs: number, atOnce: boolean): void {
    this.#picture.sendFrame(chunk, frame, line, nowMs, 0, this.#socket.write, atOnce);
  }

  sendSound({ chunk, frame }: Place, line: number, nowMs: number): void {
    this.#sound?.sendFrame(chunk, frame, line, nowMs, 0, this.#socket.write);
  }

  /** Receivers look for the clock anew: reports come often for a second. */
  restartReports(): void {
    this.#picture.restart();
    this.#sound?.restart();
  }

  sendReports(nowMs: number): void {
    for (const sender of [this.#picture, this.#sound]) {
      if (sender && sender.reportDueMs <= nowMs)
        this.#socket.writeReport(sender.takeReport(nowMs, this.#clock));
    }
  }

  close(): void {
    this.#socket.close();
  }
}

function senderOf(
  options: SessionPumpOptions,
  kind: 'video' | 'audio',
  beginning: number,
): RtpSender {
  const { ssrcs, videoPayloadType, audioPayloadType, cname } = options;
  const ssrc = ssrcs[kind];
  if (ssrc === undefined) throw new Error('No SSRC was given for the sound.');
  const clockRate = kind === 'video' ? VIDEO_CLOCK_RATE : OPUS_CLOCK_RATE;
  return new RtpSender({
    ssrc,
    payloadType: kind === 'video' ? videoPayloadType : audioPayloadType,
    clockRate,
    cname,
    playoutDelayId: kind === 'video' ? options.playoutDelayId : undefined,
    firstSequenceNumber: randomInt(2 ** 15),
    // Of sound and picture the same moment: a receiver can compare them without a report.
    timestampOffset: beginning * clockRate,
  });
}
