import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { type Client, SignalingServer } from '../signaling/server/signaling-server.ts';
import { Access } from './access/access.ts';
import { Broadcaster } from './channels/broadcaster.ts';
import { countByLayer } from './channels/audience.ts';
import { Channels } from './channels/channels.ts';
import { Ladders } from './channels/ladders.ts';
import { Playlists } from './channels/playlist/playlists.ts';
import { Programme } from './channels/programme.ts';
import { Publishing } from './channels/publishing.ts';
import { StoredChannels } from './channels/stored-channels.ts';
import { Viewer, type ViewerMetrics } from './channels/viewer.ts';
import { type Config, intakeSettings } from './config.ts';
import { type Foundations, layFoundations } from './foundations.ts';
import { handlers } from './handlers/index.ts';
import type { HandlerContext } from './handlers/context.ts';
import { createHttpApp } from './http/http-app.ts';
import { type Listening, listen } from './http/listening.ts';
import type { WebRtcHttpOptions } from './http/webrtc-http.ts';
import { AssetFeed } from './library/asset-feed.ts';
import { assetWork, removeFilesLater } from './library/asset-work.ts';
import { Catalogue } from './library/catalogue.ts';
import { Intake } from './library/intake.ts';
import type { Library } from './library/library.ts';
import { playableAssets } from './library/playable-asset.ts';
import type { Preparation } from './library/preparation/preparation.ts';
import { createLadderRelays, type LadderRelays } from './rtp/ladder-relay.ts';
import { createPumpPool, type PumpPool } from './rtp/pump-pool.ts';
import type { Sfu } from './sfu/sfu.ts';
import type { Database } from './store/database.ts';
import type { MediaFiles } from './store/media-files/media-files.ts';
import { Metrics } from './telemetry/metrics.ts';

/**
 * A Viewer whose socket is gone may still be watching over its transport: its page comes back on
 * another socket in the meantime, and the picture never stops.
 */
const SOCKET_GRACE_MS = 10_000;

/** Told to clients when the server stops: the time that a restart takes, milliseconds. */
const RESTART_MS = 1_000;

/** The one place where the parts are plugged together. */
export class App {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #serverId = randomUUID();
  readonly #metrics = new Metrics();
  readonly #channels = new Channels();
  readonly #viewers = new Set<Viewer>();
  readonly #db: Database;
  readonly #access: Access;
  readonly #catalogue: Catalogue;
  readonly #feed: AssetFeed;
  readonly #files: MediaFiles;
  readonly #preparation: Preparation;
  readonly #intake: Intake;
  readonly #closing = new AbortController();
  readonly #sfu: Sfu;
  readonly #pumps: PumpPool;
  readonly #relays: LadderRelays;
  readonly #ladders: Ladders;
  readonly #programme: Programme;
  readonly #publishing: Publishing;
  readonly #playlists: Playlists;
  readonly #signaling: SignalingServer<HandlerContext>;
  #listening: Listening | undefined;

  private constructor(config: Config, log: Logger, foundations: Foundations) {
    const { db, sfu, library, ffmpeg, files, preparation, place } = foundations;
    this.#config = config;
    this.#log = log;
    this.#db = db;
    this.#access = new Access({ db, adminToken: config.ADMIN_TOKEN });
    this.#files = files;
    this.#preparation = preparation;
    this.#catalogue = new Catalogue({
      db,
      log,
      onDelete: (ids, trx) => removeFilesLater(this.#catalogue.jobs, ids, trx),
    });
    this.#feed = new AssetFeed({ db, catalogue: this.#catalogue, log });
    this.#intake = new Intake({
      ...{ ...intakeSettings(config), dataDir: config.DATA_DIR, place, db, files, log },
      catalogue: this.#catalogue,
      onBytes: (bytes) => this.#metrics.uploadedBytes.inc(bytes),
    });
    this.#sfu = sfu;
    this.#pumps = createPumpPool({ log });
    this.#relays = createLadderRelays({ log });
    this.#ladders = new Ladders({ relays: this.#relays, ffmpeg, log });
    this.#programme = this.#createProgramme(library);
    this.#publishing = new Publishing({
      sfu,
      channels: this.#channels,
      rights: this.#access.streamKeys,
      ladders: this.#ladders,
      log,
    });
    this.#playlists = this.#createPlaylists();
    this.#signaling = this.#createSignaling();
    this.#observe();
  }

  /** @throws SfumatoError `unavailable` where a port is taken, a worker does not start or there is no database */
  static async start(config: Config, log: Logger): Promise<App> {
    const app = new App(config, log, await layFoundations(config, log));
    try {
      await app.#listen();
      return app;
    } catch (error) {
      await app.close();
      throw error;
    }
  }

  /**
   * The link with which the first account is made; none where there is one. It is for whoever started the
   * server and for nobody else. An earlier one ends.
   */
  async newSetupLink(): Promise<string | undefined> {
    const token = await this.#access.newSetupToken();
    return token === undefined ? undefined : `${this.#origin()}/admin#setup=${token}`;
  }

  get port(): number | undefined {
    return this.#listening?.port;
  }

  /** Puts files on air, each on a Channel of its own; the demo where none is named. */
  async putOnAir(files: readonly string[]): Promise<void> {
    if (files.length > 0) await this.#programme.playFiles(files);
    else if (this.#config.DEMO === 'on') await this.#programme.playDemo();
  }

  /** Ends everything, in the order in which it depends on each other. Idempotent. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#signaling.broadcast('serverClosing', { reconnectAfterMs: RESTART_MS });
    await this.#signaling.close();
    for (const viewer of this.#viewers) viewer.close();
    this.#programme.close();
    this.#playlists.close();
    this.#publishing.close();
    this.#channels.close();
    await Promise.all([this.#pumps.close(), this.#relays.close()]);
    this.#sfu.close();
    this.#feed.close();
    await this.#listening?.close();
    await this.#intake.close();
    await this.#catalogue.close();
    await this.#preparation.close();
    await this.#files.close();
    await this.#db.destroy();
  }

  #createProgramme(library: Library): Programme {
    return new Programme({
      channels: this.#channels,
      library,
      sfu: this.#sfu,
      pumps: this.#pumps,
      log: this.#log,
    });
  }

  #createPlaylists(): Playlists {
    return new Playlists(this.#db, {
      assets: playableAssets(this.#catalogue, this.#files, this.#log),
      sfu: this.#sfu,
      pumps: this.#pumps,
      metrics: {
        played: () => this.#metrics.playlistItems.inc(),
        failed: (reason) => this.#metrics.playlistFailures.inc({ reason }),
      },
      log: this.#log,
    });
  }

  #createSignaling(): SignalingServer<HandlerContext> {
    return new SignalingServer<HandlerContext>({
      path: '/signal',
      handlers,
      allowedOrigins: this.#allowedOrigins(),
      onOpened: (client) => this.#onOpened(client),
      onClosed: (context, clean) => this.#onClosed(context, clean),
      onUnexpected: (method, error) => {
        this.#metrics.unexpectedErrors.inc();
        this.#log.error({ err: error, method }, 'a request failed');
      },
    });
  }

  #allowedOrigins(): string[] {
    const { PUBLIC_URL, ALLOWED_ORIGINS } = this.#config;
    return PUBLIC_URL === undefined ? ALLOWED_ORIGINS : [PUBLIC_URL, ...ALLOWED_ORIGINS];
  }

  async #listen(): Promise<void> {
    const { HOST, PORT, TLS_PORT, TLS_CERT, TLS_KEY, CLIENT_DIR } = this.#config;
    const stored = await StoredChannels.load(this.#db, this.#channels, this.#access.streamKeys);
    const httpApp = createHttpApp({
      channels: this.#channels,
      stored,
      playlists: this.#playlists,
      access: this.#access,
      catalogue: this.#catalogue,
      files: this.#files,
      feed: this.#feed,
      closing: this.#closing.signal,
      uploads: this.#intake.uploads,
      publishing: this.#publishing,
      publicUrl: this.#config.PUBLIC_URL,
      clientDir: CLIENT_DIR,
      metrics: this.#metrics,
      health: { notReady: () => this.#notReady() },
      whip: {
        ...this.#webRtcDoors(),
        publishing: this.#publishing,
        routerRtpCapabilities: this.#sfu.routerRtpCapabilities,
      },
      whep: {
        ...this.#webRtcDoors(),
        sfu: this.#sfu,
        channels: this.#channels,
        metrics: this.#viewerMetrics(),
        closing: this.#closing.signal,
        log: this.#log,
      },
      log: this.#log,
    });
    this.#listening = await listen(httpApp, {
      host: HOST,
      port: PORT,
      tlsPort: TLS_PORT,
      certPath: TLS_CERT,
      keyPath: TLS_KEY,
    });
    for (const server of this.#listening.servers) this.#signaling.attach(server);
    this.#catalogue.start({
      ...assetWork({
        catalogue: this.#catalogue,
        files: this.#files,
        preparation: this.#preparation,
      }),
      ...this.#intake.handlers,
    });
    await this.#intake.start();
    await this.#playlists.start(stored);
    const { port, tlsPort } = this.#listening;
    this.#log.info(
      { port, tlsPort, workers: this.#sfu.workerPids.length },
      `Sfumato listens: ${this.#origin()}/`,
    );
  }

  #webRtcDoors(): WebRtcHttpOptions {
    return { publicUrl: this.#config.PUBLIC_URL, iceServers: this.#config.ICE_SERVERS };
  }

  #viewerMetrics(): ViewerMetrics {
    return {
      joined: () => this.#metrics.joins.inc(),
      layerChanged: (reason) => this.#metrics.layerChanges.inc({ reason }),
      qualityReported: (quality) => this.#metrics.qualityReported(quality),
      ended: (quality) => {
        this.#metrics.viewerEnded(quality);
        this.#log.info({ quality }, 'a Viewer has gone');
      },
    };
  }

  #origin(): string {
    return this.#config.PUBLIC_URL ?? `http://localhost:${this.port}`;
  }

  #notReady(): string | undefined {
    if (this.#closing.signal.aborted) return 'the server is being stopped';
    return this.#sfu.workerPids.length === 0 ? 'no SFU worker is running' : undefined;
  }

  #onOpened(client: Client): HandlerContext {
    client.notify('welcome', {
      serverVersion: packageJson.version,
      serverId: this.#serverId,
      routerRtpCapabilities: this.#sfu.routerRtpCapabilities,
    });
    const viewer = new Viewer({
      sfu: this.#sfu,
      channels: this.#channels,
      remoteAddress: client.remoteAddress,
      events: {
        channelChanged: (channel) => client.notify('channelChanged', { channel }),
        layerChanged: (change) => client.notify('layerChanged', change),
        linkEstimate: (availableBitrate) => client.notify('linkEstimate', { availableBitrate }),
        transportLost: (message) => client.notify('transportLost', { message }),
      },
      metrics: this.#viewerMetrics(),
    });
    this.#viewers.add(viewer);
    return { viewer, broadcaster: this.#createBroadcaster(client) };
  }

  #createBroadcaster(client: Client): Broadcaster {
    return new Broadcaster({
      publishing: this.#publishing,
      remoteAddress: client.remoteAddress,
      events: {
        broadcastHealth: (health) => client.notify('broadcastHealth', health),
        wantedLayers: (maxSpatialLayer) => client.notify('wantedLayers', { maxSpatialLayer }),
        broadcastEnded: (reason) => client.notify('broadcastEnded', { reason }),
        transportLost: (message) => client.notify('transportLost', { message }),
      },
    });
  }

  #onClosed({ viewer, broadcaster }: HandlerContext, clean: boolean): void {
    const end = () => {
      this.#viewers.delete(viewer);
      viewer.close();
      broadcaster.close();
    };
    if (clean || (!viewer.watching && !broadcaster.live)) return end();
    sleep(SOCKET_GRACE_MS, undefined, { signal: this.#closing.signal }).then(end, end);
  }

  #observe(): void {
    this.#metrics.observe({
      channels: () => this.#channels.list().map((channel) => channel.info()),
      viewersByLayer: () =>
        countByLayer(this.#channels.list().flatMap(({ audience }) => audience.standings)),
      connections: () => this.#signaling.connections,
      transports: () => this.#sfu.viewerTransports,
      workers: () => this.#sfu.workerPids.length,
      workerDeaths: () => this.#sfu.workerDeaths,
      workerCpuTimesMs: () => this.#sfu.workerCpuTimesMs(),
      pumpThreads: () => this.#pumps.threadStats(),
      ladders: () => this.#ladders.encoding,
      playlistsOnAir: () => this.#playlists.onAir,
    });
    this.#metrics.observeLibrary({
      uploads: () => this.#intake.uploads.files.active,
      jobs: this.#catalogue.jobs,
    });
  }
}
