import { SignalingClient } from '../../../signaling/client/index.ts';
import { passOn } from '../access/pass.ts';
import { MediaReceiver } from '../receiving/media-receiver.ts';
import { Preparation } from '../receiving/preparation.ts';

export type WayToServer = { assetId: string /** `wss://host/signal` */; signalUrl: string };

/**
 * Does WebRTC get through? Opens a Session that stands still, of which nothing is sent, up to where its media could flow,
 * and throws it away.
 *
 * @throws where it does not, or is not known before the signal gives up
 */
export async function probeWebRtc(to: WayToServer, signal: AbortSignal): Promise<void> {
  const signaling = new SignalingClient({ url: to.signalUrl });
  const closing = new AbortController();
  closing.signal.addEventListener('abort', () => signaling.close());
  try {
    await untilAborted(signal, connect(to, signaling, closing.signal));
  } finally {
    closing.abort();
  }
}

async function connect(
  { assetId, signalUrl }: WayToServer,
  signaling: SignalingClient,
  signal: AbortSignal,
): Promise<void> {
  const preparation = new Preparation();
  preparation.warmUp();
  await welcomed(signaling, preparation);
  const { device, rtpCapabilities, certificate } = await preparation.ready();
  signal.throwIfAborted();
  const { transport, consumers } = await signaling.request('openSession', {
    assetId,
    token: passOn(signalUrl, assetId).token,
    rtpCapabilities,
    dtlsParameters: certificate.dtlsParameters,
    paused: true,
    preferredLayer: 0,
  });
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = () => reject(new Error('WebRTC does not get through'));
  const events = { connected: resolve, interrupted: failed, failed };
  const receiver = new MediaReceiver(device, certificate, transport, events);
  signal.addEventListener('abort', () => receiver.close());
  await receiver.receive(consumers, () => undefined);
  await promise;
}

function welcomed(signaling: SignalingClient, preparation: Preparation): Promise<void> {
  return new Promise((resolve) => {
    signaling.on('welcome', ({ routerRtpCapabilities }) => {
      preparation.welcome(routerRtpCapabilities);
      resolve();
    });
    signaling.open();
  });
}

/** @throws the signal's reason, if that comes first */
async function untilAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  // Whichever comes second is nobody's failure.
  work.catch((error: unknown) => console.debug('sfumato: probe', error));
  signal.throwIfAborted();
  await Promise.race([work, promise]);
}
