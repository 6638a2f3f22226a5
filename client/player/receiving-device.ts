import { Device, detectDevice } from 'mediasoup-client';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import type {
  HandlerFactory,
  HandlerForcedRtpExtensions,
  HandlerInterface,
} from 'mediasoup-client/handlers/HandlerInterface';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';
import { generateProbatorRtpParameters } from 'mediasoup-client/ortc';
import type { BuiltinHandlerName, RtpCapabilities } from 'mediasoup-client/types';

/** When each picture was captured, by the sender's clock: what the latency is measured from. */
const EXTENSIONS: HandlerForcedRtpExtensions = {
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time': true,
};

const HANDLERS: Partial<Record<BuiltinHandlerName, () => HandlerFactory>> = {
  Chrome111: () => Chrome111.createFactory({ forcedRtpExtensions: EXTENSIONS }),
  Chrome74: () => Chrome74.createFactory({ forcedRtpExtensions: EXTENSIONS }),
  Firefox120: () => Firefox120.createFactory({ forcedRtpExtensions: EXTENSIONS }),
  Safari12: () => Safari12.createFactory({ forcedRtpExtensions: EXTENSIONS }),
};

const PROBATOR = 'probator';

/** mediasoup-client's handler for this browser, with our extensions; undefined where it knows none. */
export function handlerOfBrowser(): HandlerFactory | undefined {
  const name = detectDevice();
  return name === undefined ? undefined : HANDLERS[name]?.();
}

/**
 * A mediasoup-client Device that only receives, and starts faster for it: what the browser can receive is
 * found out once a page and before the server is asked, what it can send not at all, and the receiver of
 * bandwidth probes is negotiated along with the first picture instead of in a second exchange that holds
 * that picture up.
 *
 * @returns null where the browser is not one that mediasoup-client knows
 */
export function makeReceivingDevice(): Device | null {
  const base = handlerOfBrowser();
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
  const base = handlerOfBrowser();
  if (base === undefined) return;
  receivableBy(base).catch((error: unknown) => {
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
