import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createFlvReader, flvConfig, flvFrame, flvHeader } from './flv.ts';
import { type AccessUnit, avcRecord } from './h264-assembler.ts';
import type { RecentPictures } from './recent-pictures.ts';
import { type AvcConfig, packetizeAccessUnit, parseAvcConfig } from './h264.ts';

/** Pictures that the encoder has and has not given back; with more it is too slow, and is spared some. */
const MOST_IN_FLIGHT = 45;
const FEW_IN_FLIGHT = 5;
const TICKS_PER_MS = 90;

/** Nothing comes back though it was fed: it hangs. The first picture takes a program's start. */
const STALLED_AFTER_MS = 5_000;

/** Where the encoder finds its input and puts its outputs: sockets in a folder that only we may enter. */
export type EncoderPaths = { input: string; outputs: readonly string[] };

export type EncodedPicture = {
  /** Index of the output. */
  output: number;
  /** The source's RTP clock. */
  timestamp: number;
  payloads: Uint8Array[];
};

export type EncoderLinkEvents = {
  picture(picture: EncodedPicture): void;
  /** A key frame is needed to begin with, or to go on. */
  keyFrameNeeded(): void;
  stalled(): void;
};

/**
 * Feeds pictures to an encoder program and takes back what it makes of them. Between the two, a picture is
 * known by its milliseconds: FLV has no finer clock, and the RTP timestamp is found again by them.
 */
export class EncoderLink {
  readonly #recent: RecentPictures;
  readonly #events: EncoderLinkEvents;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #timestamps = new Map<number, number>();
  #input: Socket | undefined;
  #inFlight = 0;
  /** Begins with pictures of the past, which are more than may be in flight later. */
  #catchesUp = true;
  #configured: Buffer | undefined;
  #waitsForKeyFrame = true;
  /** Of the last picture; not rounded, so that nothing adds up. */
  #last: { timestamp: number; exactMs: number } | undefined;
  #lastMs = -1;
  #fedSinceMs: number | undefined;
  #closed = false;

  private constructor(recent: RecentPictures, events: EncoderLinkEvents) {
    this.#recent = recent;
    this.#events = events;
  }

  /** @param recent what an encoder that has come is given first */
  static async listen(
    paths: EncoderPaths,
    recent: RecentPictures,
    events: EncoderLinkEvents,
  ): Promise<EncoderLink> {
    const link = new EncoderLink(recent, events);
    try {
      await link.#serve(paths.input, (socket) => link.#feed(socket));
      for (const [output, path] of paths.outputs.entries()) {
        await link.#serve(path, (socket) => link.#readOutput(output, socket));
      }
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  push(unit: AccessUnit): void {
    const input = this.#input;
    if (input === undefined || !unit.whole) {
      if (!unit.whole) this.#events.keyFrameNeeded();
      return;
    }
    this.#checkStall();
    if (this.#inFlight > MOST_IN_FLIGHT && !this.#catchesUp) this.#waitsForKeyFrame = true;
    if (!this.#mayEnter(unit)) return;
    this.#configure(input, unit);
    const ms = this.#millisecondsOf(unit.timestamp);
    this.#timestamps.set(ms, unit.timestamp);
    this.#inFlight += 1;
    this.#fedSinceMs ??= performance.now();
    input.write(flvFrame(unit.units, unit.isKeyFrame, ms));
  }

  close(): void {
    this.#closed = true;
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#input = undefined;
  }

  #mayEnter({ isKeyFrame, sps, pps }: AccessUnit): boolean {
    if (!this.#waitsForKeyFrame) return true;
    if (this.#inFlight > FEW_IN_FLIGHT) return false;
    const begins = isKeyFrame && sps !== undefined && pps !== undefined;
    if (begins) this.#waitsForKeyFrame = false;
    else this.#events.keyFrameNeeded();
    return begins;
  }

  /** Other parameter sets than before: the encoder is told before the picture that needs them. */
  #configure(input: Socket, { sps, pps }: AccessUnit): void {
    if (sps === undefined || pps === undefined) return;
    const record = Buffer.from(avcRecord(sps, pps));
    if (this.#configured?.equals(record) === true) return;
    this.#configured = record;
    input.write(flvConfig(record, Math.max(0, this.#lastMs)));
  }

  /** Distinct for every picture and never going back, whatever the source's clock does. */
  #millisecondsOf(timestamp: number): number {
    const exactMs = Math.max(this.#lastMs + 1, this.#exactMsOf(timestamp));
    this.#last = { timestamp, exactMs };
    this.#lastMs = Math.round(exactMs);
    return this.#lastMs;
  }

  #exactMsOf(timestamp: number): number {
    if (this.#last === undefined) return 0;
    return this.#last.exactMs + ((timestamp - this.#last.timestamp) | 0) / TICKS_PER_MS;
  }

  #checkStall(): void {
    if (this.#fedSinceMs === undefined || this.#inFlight <= FEW_IN_FLIGHT) return;
    if (performance.now() - this.#fedSinceMs < STALLED_AFTER_MS) return;
    this.#fedSinceMs = undefined;
    this.#events.stalled();
  }

  #feed(socket: Socket): void {
    this.#input = socket;
    socket.write(flvHeader());
    for (const unit of this.#recent.units) this.push(unit);
    if (this.#waitsForKeyFrame) this.#events.keyFrameNeeded();
    socket.once('close', () => {
      if (this.#input === socket) this.#input = undefined;
    });
  }

  #readOutput(output: number, socket: Socket): void {
    let config: AvcConfig | undefined;
    const read = createFlvReader((video) => {
      if (video.type === 'config') config = parseAvcConfig(video.record);
      else if (config !== undefined) {
        const { accessUnit, isKeyFrame, timestampMs } = video;
        const payloads = packetizeAccessUnit(accessUnit, isKeyFrame, config);
        this.#onPicture(output, timestampMs, payloads);
      }
    });
    socket.on('data', read);
  }

  #onPicture(output: number, ms: number, payloads: Uint8Array[]): void {
    const timestamp = this.#timestamps.get(ms);
    if (timestamp === undefined || this.#closed) return;
    if (output === 0) this.#leave(ms);
    this.#events.picture({ output, timestamp, payloads });
  }

  /** What entered before it and has not come out is not coming any more. */
  #leave(ms: number): void {
    this.#fedSinceMs = undefined;
    this.#inFlight = 0;
    for (const entered of this.#timestamps.keys()) {
      if (entered > ms) this.#inFlight += 1;
      // The other outputs may be some pictures behind.
      else if (entered < ms - 2_000) this.#timestamps.delete(entered);
    }
    if (this.#inFlight <= FEW_IN_FLIGHT) this.#catchesUp = false;
  }

  async #serve(path: string, onSocket: (socket: Socket) => void): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      // An encoder that is killed resets what it had: its end is reported by whoever started it.
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.#sockets.delete(socket));
      server.close();
      onSocket(socket);
    });
    this.#servers.push(server);
    server.listen(path);
    await once(server, 'listening');
  }
}
