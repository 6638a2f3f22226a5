import type { Device } from 'mediasoup-client';
import {
  rtpCapabilitiesSchema,
  SfumatoError,
  type WireRtpCapabilities,
} from '../../../signaling/contract/index.ts';
import { type ClientCertificate, makeCertificate } from './certificate.ts';
import { makeReceivingDevice, warmUpDevice } from './receiving-device.ts';

export type Prepared = {
  device: Device;
  rtpCapabilities: WireRtpCapabilities;
  certificate: ClientCertificate;
};

/** Everything that a `join` needs of the browser, made before anyone presses play. */
export class Preparation {
  #certificate: Promise<ClientCertificate> | null = null;
  #prepared: Promise<Prepared> | null = null;
  #routerKey = '';

  /** What can be done before the server has said anything. */
  warmUp(): void {
    if (this.#certificate !== null) return;
    this.#certificate = makeCertificate();
    reportOnly(this.#certificate);
    warmUpDevice();
  }

  /** The rest, once the server's capabilities are known. The same ones as before change nothing. */
  welcome(router: WireRtpCapabilities): void {
    const key = JSON.stringify(router);
    if (key === this.#routerKey && this.#prepared !== null) return;
    this.#routerKey = key;
    this.#prepared = this.#load(router);
    reportOnly(this.#prepared);
  }

  /** @throws SfumatoError `unsupportedMedia` in a browser that cannot play; `unavailable` before a welcome */
  async ready(): Promise<Prepared> {
    if (this.#prepared === null) throw new SfumatoError('unavailable', 'No welcome yet.');
    return this.#prepared;
  }

  async #load(routerRtpCapabilities: WireRtpCapabilities): Promise<Prepared> {
    this.warmUp();
    const device = await makeReceivingDevice();
    if (device === null) throw new SfumatoError('unsupportedMedia', 'The browser is not known.');
    await device.load({ routerRtpCapabilities });
    const rtpCapabilities = rtpCapabilitiesSchema.parse(device.recvRtpCapabilities);
    const certificate = await (this.#certificate ?? makeCertificate());
    return { device, rtpCapabilities, certificate };
  }
}

/** A failure is met by whoever awaits the promise; until then it is no uncaught one. */
function reportOnly(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => console.debug('sfumato: preparation', error));
}
