import { readNtpTime, writeNtpTime, writeUint32 } from './rtp-packet.ts';

const RTCP_SENDER_REPORT = 200;
const RTCP_SOURCE_DESCRIPTION = 202;
const SDES_CNAME = 1;
const SENDER_REPORT_BYTES = 28;

export type SenderReport = {
  ssrc: number;
  /** The moment of the report, milliseconds since the Unix epoch, on the sender's one clock. */
  epochMs: number;
  /** The same moment on the SSRC's RTP clock. */
  rtpTimestamp: number;
  packetCount: number;
  /** Bytes of payload, without headers. */
  octetCount: number;
  cname: string;
};

/** A compound packet of a Sender Report and its CNAME (RFC 3550 sections 6.1, 6.4.1 and 6.5). */
export function buildSenderReport(report: SenderReport): Buffer {
  const cname = Buffer.from(report.cname).subarray(0, 255);
  // The item, the null byte that ends the chunk, and up to the next word.
  const chunkBytes = Math.ceil((4 + 2 + cname.length + 1) / 4) * 4;
  const packet = Buffer.alloc(SENDER_REPORT_BYTES + 4 + chunkBytes);
  writeRtcpHeader(packet, 0, 0, RTCP_SENDER_REPORT, SENDER_REPORT_BYTES);
  writeUint32(packet, 4, report.ssrc);
  writeNtpTime(packet, 8, report.epochMs);
  writeUint32(packet, 16, report.rtpTimestamp);
  writeUint32(packet, 20, report.packetCount);
  writeUint32(packet, 24, report.octetCount);
  writeRtcpHeader(packet, SENDER_REPORT_BYTES, 1, RTCP_SOURCE_DESCRIPTION, 4 + chunkBytes);
  writeUint32(packet, SENDER_REPORT_BYTES + 4, report.ssrc);
  packet[SENDER_REPORT_BYTES + 8] = SDES_CNAME;
  packet[SENDER_REPORT_BYTES + 9] = cname.length;
  cname.copy(packet, SENDER_REPORT_BYTES + 10);
  return packet;
}

function writeRtcpHeader(
  packet: Buffer,
  offset: number,
  count: number,
  type: number,
  bytes: number,
): void {
  packet[offset] = 0x80 | count;
  packet[offset + 1] = type;
  packet.writeUInt16BE(bytes / 4 - 1, offset + 2);
}

/** Reads back what `buildSenderReport` writes; undefined where a packet is no Sender Report. */
export function parseSenderReport(packet: Buffer): SenderReport | undefined {
  if (packet.length < SENDER_REPORT_BYTES + 10 || packet[1] !== RTCP_SENDER_REPORT)
    return undefined;
  const cnameBytes = packet[SENDER_REPORT_BYTES + 9] ?? 0;
  const cnameStart = SENDER_REPORT_BYTES + 10;
  return {
    ssrc: packet.readUInt32BE(4),
    epochMs: readNtpTime(packet, 8),
    rtpTimestamp: packet.readUInt32BE(16),
    packetCount: packet.readUInt32BE(20),
    octetCount: packet.readUInt32BE(24),
    cname: packet.toString('utf8', cnameStart, cnameStart + cnameBytes),
  };
}

/** RTP and RTCP share the socket; packet types 192 to 223 are RTCP (RFC 5761 section 4). */
export function isRtcp(packet: Uint8Array): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}
