import { once } from 'node:events';
import datachannel from 'node-datachannel';
import type {
  WireConsumer,
  WireDtlsParameters,
  WireRtpCapabilities,
  WireTransport,
} from '../../signaling/contract/index.ts';
import { answerSdp, fingerprintOf } from './sdp.ts';
import { SequenceCount } from './sequence-count.ts';

/** What a server tells a Viewer, over whatever signaling it has. */
export type Offered = { transport: WireTransport; consumers: readonly WireConsumer[] };

/** How a Viewer gets in. */
export type Door = {
  capabilities: WireRtpCapabilities;
  join(dtlsParameters: WireDtlsParameters): Promise<Offered>;
  resume(): Promise<void>;
  close(): void;
};

export type ViewerCounts = { video: SequenceCount; audio: SequenceCount };

export type RtpViewer = { counts: ViewerCounts; close(): void };

const CONNECT_TIMEOUT_MS = 20_000;

/** One Viewer: real ICE, DTLS and SRTP; packets are decrypted, counted and forgotten. */
export async function openViewer(door: Door): Promise<RtpViewer> {
  const peer = new datachannel.PeerConnection('viewer', {
    iceServers: [],
    disableAutoNegotiation: true,
  });
  const counts = { video: new SequenceCount(), audio: new SequenceCount() };
  const tracks = [
    addTrack(peer, new datachannel.Video('video', 'RecvOnly'), door.capabilities, counts.video),
    addTrack(peer, new datachannel.Audio('audio', 'RecvOnly'), door.capabilities, counts.audio),
  ];
  const close = () => {
    door.close();
    for (const track of tracks) track.close();
    peer.close();
  };
  try {
    await connect(peer, door);
    await door.resume();
  } catch (error) {
    close();
    throw error;
  }
  return { counts, close };
}

function addTrack(
  peer: datachannel.PeerConnection,
  media: datachannel.Video | datachannel.Audio,
  { codecs }: WireRtpCapabilities,
  count: SequenceCount,
): datachannel.Track {
  for (const { mimeType, preferredPayloadType } of codecs) {
    if (media instanceof datachannel.Video && mimeType === 'video/H264') {
      media.addH264Codec(preferredPayloadType);
    }
    if (media instanceof datachannel.Audio && mimeType === 'audio/opus') {
      media.addOpusCodec(preferredPayloadType);
    }
  }
  const track = peer.addTrack(media);
  // Sends receiver reports, as any Viewer does.
  track.setMediaHandler(new datachannel.RtcpReceivingSession());
  track.onMessage((packet) => {
    if (!isRtcp(packet)) count.count(packet.readUInt16BE(2));
  });
  return track;
}

/** RFC 5761 section 4. */
function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}

async function connect(peer: datachannel.PeerConnection, door: Door): Promise<void> {
  const connected = untilConnected(peer);
  const offer = await localOffer(peer);
  const fingerprints = [fingerprintOf(offer)];
  const { transport, consumers } = await door.join({ role: 'client', fingerprints });
  const sections = [
    { mid: 'video', kind: 'video' as const },
    { mid: 'audio', kind: 'audio' as const },
  ];
  peer.setRemoteDescription(answerSdp(transport, consumers, sections), 'answer');
  await connected;
}

async function localOffer(peer: datachannel.PeerConnection): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  peer.onLocalDescription((sdp) => resolve(sdp));
  peer.setLocalDescription('offer');
  return await promise;
}

async function untilConnected(peer: datachannel.PeerConnection): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  peer.onStateChange((state) => {
    if (state === 'connected') resolve();
    if (state === 'failed') reject(new Error('A viewer could not connect.'));
  });
  const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  const late = once(timeout, 'abort').then(() => {
    throw new Error('A viewer took too long to connect.');
  });
  await Promise.race([promise, late]);
}
