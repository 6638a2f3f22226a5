import { Device } from 'mediasoup-client';
import { SfumatoError, type WireRtpCapabilities } from '../../signaling/contract/index.ts';
import { type ClientCertificate, makeCertificate } from '../player/receiving/certificate.ts';
import { handlerOfBrowser } from '../player/receiving/receiving-device.ts';

export type PreparedSender = { device: Device; certificate: ClientCertificate };

/** What a `goLive` needs of the browser: made when the server is known, kept while it stays the same. */
export class SendingPreparation {
  #prepared: Promise<PreparedSender> | null = null;
  #routerKey = '';

  welcome(router: WireRtpCapabilities): void {
    const key = JSON.stringify(router);
    if (key === this.#routerKey && this.#prepared !== null) return;
    this.#routerKey = key;
    this.#prepared = prepare(router);
    // Met by whoever awaits it; until then it is no uncaught one.
    this.#prepared.catch((error: unknown) => console.debug('sfumato: preparation', error));
  }

  /** @throws SfumatoError `unsupportedMedia` in a browser that cannot send; `unavailable` before a welcome */
  async ready(): Promise<PreparedSender> {
    if (this.#prepared === null) throw new SfumatoError('unavailable', 'No welcome yet.');
    return this.#prepared;
  }
}

async function prepare(routerRtpCapabilities: WireRtpCapabilities): Promise<PreparedSender> {
  const base = await handlerOfBrowser();
  if (base === undefined) throw new SfumatoError('unsupportedMedia', 'The browser is not known.');
  const device = new Device({ handlerFactory: base });
  const [certificate] = await Promise.all([
    makeCertificate(),
    device.load({ routerRtpCapabilities }),
  ]);
  return { device, certificate };
}
