import { once } from 'node:events';
import { z } from 'zod';
import {
  consumerSchema,
  rtpCapabilitiesSchema,
  transportSchema,
  type WireRtpCapabilities,
} from '../../signaling/contract/index.ts';
import { SignalingClient } from '../../signaling/client/index.ts';
import type { Door } from './viewer.ts';

/** The Layer that every Viewer is to be sent: the top one. */
export const TOP_LAYER = 2;

/**
 * What a Viewer without an estimator says that it can receive: packets are kept for retransmission as
 * for a browser, but nobody reports arrival times, and so Layers follow the request alone.
 */
export function viewerCapabilities({
  codecs,
  headerExtensions = [],
}: WireRtpCapabilities): WireRtpCapabilities {
  const estimator = /transport-wide-cc|abs-send-time/;
  return {
    codecs: codecs.map((codec) => ({
      ...codec,
      rtcpFeedback: (codec.rtcpFeedback ?? []).filter(
        ({ type }) => type !== 'transport-cc' && type !== 'goog-remb',
      ),
    })),
    headerExtensions: headerExtensions.filter(({ uri }) => !estimator.test(uri)),
  };
}

/** A socket of our own signaling, and what a viewer of it takes. */
export async function knock(url: string) {
  const client = new SignalingClient({ url });
  const welcome = Promise.withResolvers<WireRtpCapabilities>();
  client.on('welcome', ({ routerRtpCapabilities }) => welcome.resolve(routerRtpCapabilities));
  client.open();
  return { client, capabilities: viewerCapabilities(await welcome.promise) };
}

/** In by our own signaling. */
export async function openOurDoor(url: string, channelId: string): Promise<Door> {
  const { client, capabilities } = await knock(url);
  return {
    capabilities,
    join: (dtlsParameters) =>
      client.request('join', {
        channelId,
        rtpCapabilities: capabilities,
        dtlsParameters,
        preferredLayer: TOP_LAYER,
      }),
    resume: async () => void (await client.request('resume', {})),
    close: () => client.close(),
  };
}

const offeredSchema = z.object({ transport: transportSchema, consumers: z.array(consumerSchema) });

/** In to the bare forwarder: one socket, one question. */
export async function openBareDoor(url: string): Promise<Door> {
  const socket = new WebSocket(url);
  const next = async (): Promise<unknown> => {
    const [event] = await once(socket, 'message');
    return JSON.parse(z.object({ data: z.string() }).parse(event).data);
  };
  const capabilities = viewerCapabilities(rtpCapabilitiesSchema.parse(await next()));
  return {
    capabilities,
    async join(dtlsParameters) {
      socket.send(JSON.stringify({ rtpCapabilities: capabilities, dtlsParameters }));
      return offeredSchema.parse(await next());
    },
    resume: () => Promise.resolve(socket.send(JSON.stringify({ resume: true }))),
    close: () => socket.close(),
  };
}
