import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import { z } from 'zod';
import { MEDIA_CODECS } from '../../server/sfu/media-codecs.ts';
import { audioRtpParameters, videoRtpParameters } from '../../server/sfu/rtp-publishing.ts';

const sourceSchema = z.object({
  address: z.object({ ip: z.string(), port: z.number() }),
  cname: z.string(),
  video: z.object({ ssrcs: z.array(z.number()), bitrates: z.array(z.number()) }),
  audio: z.object({ ssrc: z.number() }),
});

const LOOPBACK = '127.0.0.1';
export const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** mediasoup as its documentation shows it: one Worker, one Router, a PlainTransport in, and nothing else. */
export class BareMediasoup {
  readonly router: types.Router;
  readonly #worker: types.Worker;
  producers: types.Producer[] = [];

  private constructor(worker: types.Worker, router: types.Router) {
    this.#worker = worker;
    this.router = router;
  }

  static async start(): Promise<BareMediasoup> {
    const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
    const worker = await mediasoup.createWorker({
      logLevel: 'error',
      ...(workerBin === undefined ? {} : { workerBin }),
    });
    return new BareMediasoup(worker, await worker.createRouter({ mediaCodecs: MEDIA_CODECS }));
  }

  /**
   * @param description what our Pump says of itself
   * @returns where it is to send to
   */
  async publish(
    description: unknown,
    { declareBitrates }: { declareBitrates: boolean },
  ): Promise<{ ip: string; port: number }> {
    const described = sourceSchema.parse(description);
    const bitrates = declareBitrates ? described.video.bitrates : [];
    const source = { ...described, video: { ...described.video, bitrates } };
    const transport = await this.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: LOOPBACK, recvBufferSize: SOCKET_BUFFER_BYTES },
      rtcpMux: true,
    });
    await transport.connect(source.address);
    const tracks = [
      { kind: 'video' as const, rtpParameters: videoRtpParameters(source) },
      { kind: 'audio' as const, rtpParameters: audioRtpParameters(source) },
    ];
    this.producers = await Promise.all(
      tracks.flatMap(({ kind, rtpParameters }) =>
        rtpParameters === undefined ? [] : [transport.produce({ kind, rtpParameters })],
      ),
    );
    return { ip: LOOPBACK, port: transport.tuple.localPort };
  }

  close(): void {
    this.#worker.close();
  }
}

/** What a client is told of a transport. */
export function describeTransport(transport: types.WebRtcTransport): object {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return { id, iceParameters, iceCandidates, dtlsParameters };
}

/** What a client is told of Consumers. */
export function describeConsumers(consumers: readonly types.Consumer[]): object[] {
  return consumers.map(({ id, producerId, kind, rtpParameters }) => ({
    id,
    producerId,
    kind,
    rtpParameters,
  }));
}
