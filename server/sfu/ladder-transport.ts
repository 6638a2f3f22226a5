import type { types } from 'mediasoup';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Broadcast } from './broadcast.ts';
import { ABS_CAPTURE_TIME_ID, ABS_CAPTURE_TIME_URI } from './rtp-publishing.ts';
import { H264_CONSTRAINED_BASELINE_31 } from './media-codecs.ts';

/** Where the lower Layers of a one-layer picture are made: the one socket that feeds them all. */
export interface LadderSource {
  address: { ip: string; port: number };
  cname: string;
  /** One a Layer, lowest first; the last one is the original. */
  ssrcs: readonly number[];
  payloadType: number;
}

/** The original goes out to that socket, and all Layers come in from it. */
export interface LadderTransport {
  target: { ip: string; port: number };
  /** The original's SSRC as it goes out. */
  sourceSsrc: number;
  /** Viewers get the original again. Idempotent. */
  close(): void;
}

/**
 * Can lower Layers be made of this picture? H.264 in one Layer only, which neither simulcast nor SVC is: see
 * docs/adaptation.md.
 */
export function takesLadder(broadcast: Broadcast): boolean {
  const video = broadcast.producers.find(({ kind }) => kind === 'video');
  if (video === undefined || video.type !== 'simple') return false;
  return video.rtpParameters.codecs[0]?.mimeType.toLowerCase() === 'video/h264';
}

/**
 * Puts a simulcast Producer in the place of a one-layer picture, for Viewers. Its top Layer is the original,
 * so it costs a Viewer nothing; those below come and go as the other end pleases.
 *
 * @throws SfumatoError `badRequest` where there is no such picture
 */
export async function openLadderTransport(
  broadcast: Broadcast,
  source: LadderSource,
): Promise<LadderTransport> {
  const original = broadcast.producers.find(({ kind }) => kind === 'video');
  if (original === undefined) throw new SfumatoError('badRequest', 'There is no picture.');
  const { router } = broadcast.origin;
  const transport = await router.createPlainTransport({
    listenInfo: {
      protocol: 'udp',
      ip: '127.0.0.1',
      sendBufferSize: 4 * 1024 * 1024,
      recvBufferSize: 4 * 1024 * 1024,
    },
    rtcpMux: true,
    comedia: false,
  });
  try {
    original.observer.once('close', () => transport.close());
    await transport.connect(source.address);
    const producer = await transport.produce({
      kind: 'video',
      rtpParameters: ladderRtpParameters(source),
      keyFrameRequestDelay: 500,
    });
    const consumer = await transport.consume({
      producerId: original.id,
      rtpCapabilities: plainH264(router.rtpCapabilities),
    });
    const sourceSsrc = consumer.rtpParameters.encodings?.[0]?.ssrc;
    if (sourceSsrc === undefined) throw new Error('a Consumer without an SSRC');
    broadcast.offerInsteadOf(original, producer);
    return {
      target: { ip: '127.0.0.1', port: transport.tuple.localPort },
      sourceSsrc,
      close: () => transport.close(),
    };
  } catch (error) {
    transport.close();
    throw error;
  }
}

/** A key frame can be asked for: of the top Layer, whose source may make one. */
function ladderRtpParameters({ ssrcs, cname, payloadType }: LadderSource): types.RtpParameters {
  return {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType,
        clockRate: 90_000,
        parameters: { ...H264_CONSTRAINED_BASELINE_31 },
        rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
      },
    ],
    headerExtensions: [{ uri: ABS_CAPTURE_TIME_URI, id: ABS_CAPTURE_TIME_ID }],
    encodings: ssrcs.map((ssrc) => ({ ssrc })),
    rtcp: { cname, reducedSize: true },
  };
}

/** No header extensions, and no congestion control: loopback is wide enough for one stream. */
function plainH264({ codecs = [] }: types.RtpCapabilities): types.RtpCapabilities {
  return {
    codecs: codecs
      .filter(({ mimeType }) => mimeType.toLowerCase() === 'video/h264')
      .map((codec) => ({ ...codec, rtcpFeedback: [{ type: 'nack', parameter: 'pli' }] })),
    headerExtensions: [],
  };
}
