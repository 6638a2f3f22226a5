import { Device, detectDevice } from 'mediasoup-client';
import type {
  HandlerFactory,
  HandlerFactoryOptions,
  HandlerInterface,
} from 'mediasoup-client/handlers/HandlerInterface';
import { generateProbatorRtpParameters } from 'mediasoup-client/ortc';
import type { BuiltinHandlerName, RtpCapabilities } from 'mediasoup-client/types';

/** When each picture was captured, by the sender's clock: what the latency is measured from. */
const WISHES: HandlerFactoryOptions = {
  forcedRtpExtensions: { 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time': true },
};

/** A page fetches the one of its browser only: in less time than a socket takes to open. */
const HANDLERS: Partial<Record<BuiltinHandlerName, () => Promise<HandlerClass>>> = {
  Chrome111: async () => (await import('mediasoup-client/handlers/Chrome111')).Chrome111,
  Chrome74: async () => (await import('mediasoup-client/handlers/Chrome74')).Chrome74,
  Firefox120: async () => (await import('mediasoup-client/handlers/Firefox120')).Firefox120,
  Safari12: async () => (await import('mediasoup-client/handlers/Safari12')).Safari12,
};
type HandlerClass = { createFactory(options: HandlerFactoryOptions): HandlerFactory };

const PROBATOR = 'probator';

/** Is this a browser that mediasoup-client knows how to talk to? */
export function isKnownBrowser(): boolean {
  const name = detectDevice();
  return name !== undefined && HANDLERS[name] !== undefined;
}

/** mediasoup-client's handler for this browser, with our extensions; undefined where it knows none. */
export async function handlerOfBrowser(): Promise<HandlerFactory | undefined> {
  const name = detectDevice();
  const handler = name === undefined ? undefined : await HANDLERS[name]?.();
  return handler?.createFactory(WISHES);
}

// A browser's own comes with the page, as the rest of the code does. Whoever needs it hears of a failure.
handlerOfBrowser().catch((error: unknown) => console.debug('sfumato: handler', error));

/**
 * A mediasoup-client Device that only receives, and starts faster for it: what the browser can receive is
 * found out once a page and before the server is asked, what it can send not at all, and the receiver of
 * bandwidth probes is negotiated along with the first picture instead of in a second exchange that holds
 * that picture up.
 *
 * @returns null where the browser is not one that mediasoup-client knows
 */
export async function makeReceivingDevice(): Promise<Device | null> {
  const base = await handlerOfBrowser();
  if (base === undefined) return null;
  return new Device({
    handlerFactory: {
      name: base.name,
      factory: (options) => probeAlong(base.factory(options)),
      getNativeRtpCapabilities: () => receivableBy(base),
    },
  });
}

let receivable: Promise<RtpCapabilities> | null = null;

function receivableBy(factory: HandlerFactory): Promise<RtpCapabilities> {
  receivable ??= factory.getNativeRtpCapabilities({ direction: 'recvonly' });
  return receivable;
}

/** Starts finding out what the browser can receive; to be called while there is something else to wait for. */
export function warmUpDevice(): void {
  const warm = async () => {
    const base = await handlerOfBrowser();
    if (base !== undefined) await receivableBy(base);
  };
  warm().catch((error: unknown) => {
    receivable = null;
    console.warn('sfumato: capabilities', error);
  });
}

/** mediasoup-client asks for the probes' receiver right after the first video: by then it is there. */
function probeAlong(handler: HandlerInterface): HandlerInterface {
  const receive = handler.receive.bind(handler);
  let probing = false;
  handler.receive = async (wanted) => {
    if (probing && wanted.every(({ trackId }) => trackId === PROBATOR)) return [];
    const video = wanted.find(({ kind }) => kind === 'video');
    if (probing || video === undefined) return receive(wanted);
    const rtpParameters = generateProbatorRtpParameters(video.rtpParameters);
    const probator = { trackId: PROBATOR, kind: 'video', rtpParameters } as const;
    const received = await receive([...wanted, probator]);
    probing = true;
    return received.slice(0, wanted.length);
  };
  return handler;
}
