import { randomInt } from 'node:crypto';
import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import { buildSenderReport } from '../../server/rtp/sender-report.ts';

/** A WHIP or WHEP client on libdatachannel, with RTP packets of our own making: no encoder is needed. */
export interface RtcClient {
  peer: PeerConnection;
  /** Absolute. */
  session: string;
  answer: string;
  etag: string | null;
  /** Packets and bytes of RTP that have come in, by kind. */
  received: Record<'audio' | 'video', { packets: number; bytes: number }>;
  /** Held, for a track that is garbage tells nobody of its packets. */
  tracks: Track[];
  close(): void;
}

const VIDEO = { payloadType: 96, clockRate: 90_000 };
const AUDIO = { payloadType: 111, clockRate: 48_000 };
/** A Sender Report comes with every so many frames: five a second. */
const REPORT_FRAMES = 10;

/** The offer, once all candidates are in it. */
async function gathered(peer: PeerConnection): Promise<string> {
  await new Promise<void>((resolve) => {
    peer.onGatheringStateChange((state) => {
      if (state === 'complete') resolve();
    });
    peer.setLocalDescription();
  });
  return peer.localDescription()?.sdp ?? '';
}

export async function postOffer(
  url: string,
  sdp: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', ...headers },
    body: sdp,
  });
}

export interface Publication extends RtcClient {
  /** Stops sending; the connection stays. */
  pause(): void;
  resume(): void;
}

/** An offer as libdatachannel makes it; the peer must be closed by the caller. */
export async function sendingOffer(): Promise<{
  peer: PeerConnection;
  sdp: string;
  video: Track;
  audio: Track;
  ssrcs: { video: number; audio: number };
}> {
  const peer = new nodeDataChannel.PeerConnection('publisher', { iceServers: [] });
  const ssrcs = { video: randomInt(1, 2 ** 31), audio: randomInt(1, 2 ** 31) };
  const video = new nodeDataChannel.Video('video', 'SendOnly');
  video.addVP8Codec(VIDEO.payloadType);
  video.addSSRC(ssrcs.video, 'cname', 'stream', 'video');
  const audio = new nodeDataChannel.Audio('audio', 'SendOnly');
  audio.addOpusCodec(AUDIO.payloadType);
  audio.addSSRC(ssrcs.audio, 'cname', 'stream', 'audio');
  const tracks = { video: peer.addTrack(video), audio: peer.addTrack(audio) };
  return { peer, sdp: await gathered(peer), ...tracks, ssrcs };
}

/** @param clockAheadMs sends Sender Reports by a clock that is so far ahead of this machine's; none without */
export async function publish(
  url: string,
  key: string,
  clockAheadMs?: number,
): Promise<Publication> {
  const { peer, sdp, video, audio, ssrcs } = await sendingOffer();
  const response = await postOffer(url, sdp, { Authorization: `Bearer ${key}` });
  const answer = await response.text();
  if (response.status !== 201) {
    peer.close();
    throw new Error(`${response.status}: ${answer}`);
  }
  peer.setRemoteDescription(answer, 'answer');
  let paused = false;
  const timer = setInterval(() => {
    if (paused || !video.isOpen()) return;
    frame += 1;
    video.sendMessageBinary(vp8Packet(frame, ssrcs.video));
    audio.sendMessageBinary(rtp(frame, AUDIO, ssrcs.audio, 50, Buffer.from([0xf8, 0xff, 0xfe])));
    if (clockAheadMs !== undefined && frame % REPORT_FRAMES === 0) {
      const epochMs = performance.timeOrigin + performance.now() + clockAheadMs;
      video.sendMessageBinary(report(frame, ssrcs.video, epochMs));
    }
  }, 20);
  let frame = 0;
  const close = () => {
    clearInterval(timer);
    peer.close();
  };
  return {
    peer,
    answer,
    session: new URL(response.headers.get('location') ?? '', url).href,
    etag: response.headers.get('etag'),
    received: nothingReceived(),
    tracks: [video, audio],
    close,
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
  };
}

export async function watch(url: string, headers: Record<string, string> = {}): Promise<RtcClient> {
  const peer = new nodeDataChannel.PeerConnection('viewer', { iceServers: [] });
  const video = new nodeDataChannel.Video('video', 'RecvOnly');
  // Numbers unlike the server's own, so that a packet with those is one that would be lost.
  video.addVP8Codec(103);
  video.addH264Codec(125, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1');
  const audio = new nodeDataChannel.Audio('audio', 'RecvOnly');
  audio.addOpusCodec(119);
  const received = nothingReceived();
  const count = (kind: 'audio' | 'video', payloadTypes: number[]) => (packet: Buffer) => {
    if (!payloadTypes.includes((packet[1] ?? 0) & 0x7f)) return;
    received[kind].packets += 1;
    received[kind].bytes += packet.length;
  };
  const tracks = [peer.addTrack(video), peer.addTrack(audio)];
  tracks[0]?.onMessage(count('video', [103, 125]));
  tracks[1]?.onMessage(count('audio', [119]));
  const response = await postOffer(url, await gathered(peer), headers);
  const answer = await response.text();
  if (response.status !== 201) {
    peer.close();
    throw new Error(`${response.status}: ${answer}`);
  }
  peer.setRemoteDescription(answer, 'answer');
  return {
    peer,
    answer,
    session: new URL(response.headers.get('location') ?? '', url).href,
    etag: response.headers.get('etag'),
    received,
    tracks,
    close: () => peer.close(),
  };
}

function nothingReceived(): RtcClient['received'] {
  return { audio: { packets: 0, bytes: 0 }, video: { packets: 0, bytes: 0 } };
}

/** RFC 3550 section 5.1. */
function rtp(
  count: number,
  { payloadType, clockRate }: typeof VIDEO,
  ssrc: number,
  perSecond: number,
  payload: Buffer,
): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = payloadType | (clockRate === VIDEO.clockRate ? 0x80 : 0);
  header.writeUInt16BE(count & 0xffff, 2);
  header.writeUInt32BE(((count * clockRate) / perSecond) >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** Of the moment in which a frame is sent. */
function report(count: number, ssrc: number, epochMs: number): Buffer {
  const rtpTimestamp = (count * VIDEO.clockRate) / 50;
  const counts = { packetCount: count, octetCount: count * 213 };
  return buildSenderReport({ ssrc, epochMs, rtpTimestamp, ...counts, cname: 'cname' });
}

/** A key frame of 16 by 16 pixels each time (RFC 7741 section 4.2, RFC 6386 section 9.1). */
function vp8Packet(count: number, ssrc: number): Buffer {
  const descriptor = Buffer.from([0x90, 0x80, count & 0x7f]);
  const keyFrame = Buffer.from([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x10, 0x00, 0x10, 0x00]);
  return rtp(count, VIDEO, ssrc, 50, Buffer.concat([descriptor, keyFrame, Buffer.alloc(200, 7)]));
}
