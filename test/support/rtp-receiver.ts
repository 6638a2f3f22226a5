import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type ParsedRtpPacket, parseRtpPacket } from '../../server/rtp/rtp-packet.ts';
import { isRtcp, parseSenderReport, type SenderReport } from '../../server/rtp/sender-report.ts';

export type Received<T> = T & { atMs: number };

/** A plain UDP socket that keeps everything that comes in, and says so when it did not understand. */
export class RtpReceiver {
  readonly packets: Received<ParsedRtpPacket>[] = [];
  readonly reports: Received<SenderReport>[] = [];
  /** In order of arrival: which SSRC, and whether it was RTCP. */
  readonly order: { ssrc: number; isReport: boolean }[] = [];
  strange = 0;
  readonly #socket: Socket;

  static async open(): Promise<RtpReceiver> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 8 * 1024 * 1024 });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpReceiver(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message) => this.#take(Buffer.from(message)));
  }

  get target(): { ip: string; port: number } {
    return { ip: '127.0.0.1', port: this.#socket.address().port };
  }

  of(ssrc: number): Received<ParsedRtpPacket>[] {
    return this.packets.filter((packet) => packet.ssrc === ssrc);
  }

  reportsOf(ssrc: number): Received<SenderReport>[] {
    return this.reports.filter((report) => report.ssrc === ssrc);
  }

  /** Says something back, as the SFU does: RTCP. */
  send(message: Uint8Array, port: number): void {
    this.#socket.send(message, port, '127.0.0.1');
  }

  close(): void {
    this.#socket.close();
  }

  #take(message: Buffer): void {
    const atMs = performance.now();
    const report = isRtcp(message) ? parseSenderReport(message) : undefined;
    const packet = isRtcp(message) ? undefined : parseRtpPacket(message);
    if (report) this.reports.push({ ...report, atMs });
    if (packet) this.packets.push({ ...packet, atMs });
    const ssrc = report?.ssrc ?? packet?.ssrc;
    if (ssrc === undefined) this.strange += 1;
    else this.order.push({ ssrc, isReport: report !== undefined });
  }
}
