import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LadderStream } from './ladder-stream.ts';
import { buildPictureLossIndication, readPictureLossIndication } from './rtcp-feedback.ts';
import { parseRtpPacket, readNtpTime, RTP_HEADER_BYTES, writeRtpHeader } from './rtp-packet.ts';
import { buildSenderReport, isRtcp, parseSenderReport } from './sender-report.ts';

const SSRCS = [11, 12, 13];
const TOP = 13;
const SOURCE = 99;

/** The SFU's end: a plain socket. */
let sfu: Socket;
let stream: LadderStream;
let heard: Buffer[];

beforeEach(async () => {
  heard = [];
  sfu = createSocket('udp4').bind(0, '127.0.0.1');
  await once(sfu, 'listening');
  sfu.on('message', (message) => heard.push(message));
  const options = { ssrcs: SSRCS, payloadType: 96, cname: 'x', absCaptureTimeId: 1 };
  const nothing = () => undefined;
  stream = await LadderStream.open(options, { flowing: nothing, stalled: nothing });
  const target = { ip: '127.0.0.1', port: sfu.address().port };
  await stream.start({ target, sourceSsrc: SOURCE });
});

afterEach(() => {
  stream.close();
  sfu.close();
});

const send = (packet: Uint8Array) => sfu.send(packet, stream.port, '127.0.0.1');

function sendPicture(sequenceNumber: number, timestamp: number, payload: Buffer): void {
  const header = Buffer.alloc(RTP_HEADER_BYTES);
  writeRtpHeader(header, 107, true, sequenceNumber, timestamp, SOURCE);
  send(Buffer.concat([header, payload]));
}

/** Waits for a packet that the SFU hears. */
async function hears<T>(read: (message: Buffer) => T | undefined): Promise<T> {
  for (;;) {
    const [found] = heard.map(read).filter((one) => one !== undefined);
    if (found !== undefined) return found;
    await once(sfu, 'message');
  }
}

const rtp = (message: Buffer) => (isRtcp(message) ? undefined : parseRtpPacket(message));
const report = (message: Buffer) => (isRtcp(message) ? parseSenderReport(message) : undefined);
const asked = (message: Buffer) => readPictureLossIndication(message);

describe('the original passes through', () => {
  const payload = Buffer.from([0x41, 1, 2, 3, 4]);

  test('byte for byte, with its numbers and times, as the top Layer', async () => {
    sendPicture(65_535, 4_000_000_000, payload);
    const packet = await hears(rtp);
    expect(packet).toMatchObject({
      ssrc: TOP,
      payloadType: 96,
      marker: true,
      sequenceNumber: 65_535,
      timestamp: 4_000_000_000,
    });
    expect(Buffer.from(packet.payload)).toEqual(payload);
  });

  test("its clock is the source's, in reports and in packets", async () => {
    const moment = { epochMs: 1_700_000_000_000, rtpTimestamp: 5_000 };
    const counts = { packetCount: 0, octetCount: 0, cname: 'x' };
    send(buildSenderReport({ ssrc: SOURCE, ...moment, ...counts }));
    sendPicture(1, 5_000 + 900, payload);
    const { epochMs, rtpTimestamp, ssrc } = await hears(report);
    expect(ssrc).toBe(TOP);
    const ticks = ((epochMs - moment.epochMs) * 90) | 0;
    expect(Math.abs(rtpTimestamp - moment.rtpTimestamp - ticks)).toBeLessThanOrEqual(2);
    const capture = (await hears(rtp)).extensions.get(1);
    expect(readNtpTime(capture ?? Buffer.alloc(8), 0)).toBeCloseTo(moment.epochMs + 10, 1);
  });

  test('a key frame is asked of the source: at the start, and for the top Layer', async () => {
    expect(await hears(asked)).toBe(SOURCE);
    heard = [];
    // Not more often than twice a second, so again and again.
    const timer = setInterval(() => send(buildPictureLossIndication(1, TOP)), 20);
    expect(await hears(asked)).toBe(SOURCE);
    clearInterval(timer);
  });

  test('packets of anybody else are let go', async () => {
    const header = Buffer.alloc(RTP_HEADER_BYTES);
    writeRtpHeader(header, 107, true, 1, 1, 98);
    send(Buffer.concat([header, payload]));
    sendPicture(2, 2, payload);
    await hears(rtp);
    expect(heard.map(rtp).filter((packet) => packet !== undefined)).toHaveLength(1);
  });
});
