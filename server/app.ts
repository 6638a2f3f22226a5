import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { type Client, SignalingServer } from '../signaling/server/signaling-server.ts';
import { Access } from './access/access.ts';
import { RulesOfNew } from './access/default-rules.ts';
import { IceServers } from './access/ice-servers.ts';
import { countByLayer } from './channels/audience.ts';
import { Channels } from './channels/channels.ts';
import { Ladders } from './channels/ladders.ts';
import { Playlists } from './channels/playlist/playlists.ts';
import { Programme } from './channels/programme.ts';
import { Publishing } from './channels/publishing.ts';
import { StoredChannels } from './channels/stored-channels.ts';
import { type Config, intakeSettings, turnSettings } from './config.ts';
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
import { Parties } from './playback/parties.ts';
import { Sessions } from './playback/sessions.ts';
import { createLadderRelays, type LadderRelays } from './rtp/ladder-relay.ts';
import { createPumpPool, type PumpPool } from './rtp/pump-pool.ts';
import type { Sfu } from './sfu/sfu.ts';
import { oidcSettings } from './settings/people-settings.ts';
import { SocketContexts } from './socket-contexts.ts';
import { playbackSettings } from './settings/playback-settings.ts';
import { WatchRights } from './watch-rights.ts';
import type { Database } from './store/database.ts';
import type { MediaFiles } from './store/media-files/media-files.ts';
import { Metrics } from './telemetry/metrics.ts';
import { sessionMetrics, watchingMetrics } from './telemetry/watching-metrics.ts';

/** Told to clients when the server stops: the time that a restart takes, milliseconds. */
const RESTART_MS = 1_000;

/** The one place where the parts are plugged together. */
export class App {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #serverId = randomUUID();
  readonly #metrics = new Metrics();
  readonly #channels = new Channels();
  readonly #db: Database;
  readonly #access: Access;
  readonly #iceServers: IceServers;
  readonly #catalogue: Catalogue;
  readonly #feed: AssetFeed;
  readonly #rights: WatchRights;
  readonly #parties = new Parties();
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
  readonly #sessions: Sessions;
  readonly #contexts: SocketContexts;
  readonly #signaling: SignalingServer<HandlerContext>;
  #listening: Listening | undefined;

  private constructor(config: Config, log: Logger, foundations: Foundations) {
    const { db, sfu, library, ffmpeg, files, preparation, place } = foundations;
    this.#config = config;
    this.#log = log;
    this.#db = db;
    this.#access = new Access({
      ...{ db, adminToken: config.ADMIN_TOKEN, auditDays: config.AUDIT_DAYS },
      oidc: oidcSettings(config),
    });
    this.#iceServers = new IceServers({ fixed: config.ICE_SERVERS, turn: turnSettings(config) });
    this.#files = files;
    this.#preparation = preparation;
    const rulesOfNew = new RulesOfNew(db);
    this.#catalogue = new Catalogue({
      db,
      log,
      onDelete: (ids, trx) => removeFilesLater(this.#catalogue.jobs, ids, trx),
      defaultRules: async (trx) => (await rulesOfNew.get(trx)).assets,
      defaultSites: [...config.EMBED_SITES, ...config.ALLOWED_ORIGINS],
    });
    this.#feed = new AssetFeed({ db, catalogue: this.#catalogue, log });
    this.#rights = new WatchRights({
      ...{ db, access: this.#access, channels: this.#channels, catalogue: this.#catalogue },
      ...{ feed: this.#feed, rulesOfNew, log },
      playback: { ...playbackSettings(config), metrics: this.#metrics },
    });
    this.#catalogue.assets.on((event) => this.#parties.assetsChanged(event));
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
      ownService: this.#rights.webhook,
      log,
    });
    this.#playlists = this.#createPlaylists();
    this.#sessions = this.#createSessions();
    this.#contexts = new SocketContexts({
      ...{ sfu, access: this.#access, channels: this.#channels, publishing: this.#publishing },
      ...{ sessions: this.#sessions, parties: this.#parties },
      ...{ passes: this.#rights.passes, admissions: this.#rights.admissions },
      iceServers: () => this.#iceServers.forOne(),
      publicUrl: config.PUBLIC_URL,
      metrics: watchingMetrics(this.#metrics, log),
      log,
    });
    this.#signaling = this.#createSignaling();
    this.#access.onRightsChanged(() => void this.#publishing.reviewRights());
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
    this.#parties.close();
    await this.#signaling.close();
    this.#rights.close();
    this.#contexts.close();
    this.#sessions.close();
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

  #createSessions(): Sessions {
    const playable = playableAssets(this.#catalogue, this.#files, this.#log);
    return new Sessions({
      assets: {
        open: (id, as) => playable.open(id, as),
      },
      sfu: this.#sfu,
      pumps: this.#pumps,
      parties: this.#parties,
      metrics: sessionMetrics(this.#metrics, this.#log),
      graceMs: this.#config.SESSION_GRACE_SECONDS * 1_000,
      log: this.#log,
    });
  }

  #createSignaling(): SignalingServer<HandlerContext> {
    return new SignalingServer<HandlerContext>({
      path: '/signal',
      handlers,
      allowedOrigins: this.#allowedOrigins(),
      allowsOrigin: (origin) => this.#rights.things.isNamed(origin),
      onOpened: (client) => this.#onOpened(client),
      onClosed: (context, clean) => this.#contexts.leave(context, clean),
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
    const stored = await StoredChannels.load({
      ...{ db: this.#db, channels: this.#channels, keys: this.#access.streamKeys },
      defaultRules: async () => (await this.#rights.rulesOfNew.get()).channels,
    });
    const { passes, passwordGrants, rulesOfNew, things, gate, admissions } = this.#rights;
    const httpApp = createHttpApp({
      ...{ passes, passwordGrants, rulesOfNew, things, gate, admissions },
      channels: this.#channels,
      stored,
      playlists: this.#playlists,
      access: this.#access,
      catalogue: this.#catalogue,
      files: this.#files,
      feed: this.#feed,
      parties: this.#parties,
      closing: this.#closing.signal,
      uploads: this.#intake.uploads,
      publishing: this.#publishing,
      publicUrl: this.#config.PUBLIC_URL,
      clientDir: CLIENT_DIR,
      embedSites: this.#config.EMBED_SITES,
      allowedOrigins: this.#config.ALLOWED_ORIGINS,
      metrics: this.#metrics,
      health: { notReady: () => this.#notReady() },
      whip: {
        ...this.#webRtcDoors(),
        publishing: this.#publishing,
        routerRtpCapabilities: this.#sfu.routerRtpCapabilities,
      },
      whep: {
        ...this.#webRtcDoors(),
        ...{ sfu: this.#sfu, channels: this.#channels },
        metrics: watchingMetrics(this.#metrics, this.#log),
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
    const iceServers = () => this.#iceServers.forOne();
    return { publicUrl: this.#config.PUBLIC_URL, iceServers };
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
    return this.#contexts.open(client);
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
      sessions: () => this.#sessions.count,
      parties: () => this.#parties.count,
    });
    this.#metrics.observeLibrary({
      uploads: () => this.#intake.uploads.files.active,
      jobs: this.#catalogue.jobs,
    });
  }
}
