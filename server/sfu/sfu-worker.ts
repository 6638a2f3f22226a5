import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { MEDIA_CODECS, type PayloadTypes, withPayloadTypes } from './media-codecs.ts';
import { SharedRouters, type SharedRouter } from './shared-routers.ts';

export interface SfuWorkerOptions {
  index: number;
  listenInfos: types.TransportListenInfo[];
  workerBin: string | undefined;
  /** Called once when the process is gone without having been asked to go. */
  onDied: (error: Error) => void;
  log: Logger;
}

/**
 * One mediasoup Worker: a process, its WebRtcServer (UDP and TCP on one port) and its one Router. One
 * Router for all Channels of the Worker, so that a Viewer's transport can take any of them (zapping).
 */
export class SfuWorker {
  readonly index: number;
  readonly router: types.Router;
  readonly webRtcServer: types.WebRtcServer;
  readonly #worker: types.Worker;
  readonly #sharedRouters: SharedRouters;

  private constructor(
    index: number,
    worker: types.Worker,
    webRtcServer: types.WebRtcServer,
    router: types.Router,
  ) {
    this.index = index;
    this.#worker = worker;
    this.webRtcServer = webRtcServer;
    this.router = router;
    this.#sharedRouters = new SharedRouters((payloadTypes) =>
      worker.createRouter({ mediaCodecs: withPayloadTypes(MEDIA_CODECS, payloadTypes) }),
    );
  }

  static async create(options: SfuWorkerOptions): Promise<SfuWorker> {
    const { index, listenInfos, workerBin, onDied, log } = options;
    const worker = await mediasoup.createWorker({
      logLevel: 'error',
      ...(workerBin === undefined ? {} : { workerBin }),
    });
    worker.on('died', (error) => {
      log.error({ worker: index, pid: worker.pid, err: error }, 'an SFU worker died');
      onDied(error);
    });
    try {
      const [webRtcServer, router] = await Promise.all([
        worker.createWebRtcServer({ listenInfos }),
        worker.createRouter({ mediaCodecs: MEDIA_CODECS }),
      ]);
      log.debug({ worker: index, pid: worker.pid }, 'an SFU worker is ready');
      return new SfuWorker(index, worker, webRtcServer, router);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get closed(): boolean {
    return this.#worker.closed;
  }

  /**
   * A Router whose packets carry these payload types, shared by all that want the same ones.
   *
   * @throws SfumatoError `overloaded` where there are too many different wishes
   */
  async shareRouter(payloadTypes: PayloadTypes): Promise<SharedRouter> {
    return await this.#sharedRouters.share(payloadTypes);
  }

  /** CPU time that the process has used so far, milliseconds, user and system together. */
  async cpuTimeMs(): Promise<number> {
    const usage = await this.#worker.getResourceUsage();
    return usage.ru_utime + usage.ru_stime;
  }

  close(): void {
    this.#worker.close();
  }
}
