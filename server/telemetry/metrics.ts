import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QualityReport } from '../../signaling/contract/index.ts';

/** What the gauges read at the moment of a scrape. */
export interface MetricSources {
  channels: () => { id: string; viewers: number; live: boolean }[];
  /** Viewers by the Layer that they are sent (`none`, `0` and up) and the reason for it. */
  viewersByLayer: () => { layer: string; reason: string; viewers: number }[];
  connections: () => number;
  transports: () => number;
  workers: () => number;
  workerDeaths: () => number;
  workerCpuTimesMs: () => Promise<{ worker: number; cpuTimeMs: number }[]>;
  ladders: () => number;
  playlistsOnAir: () => number;
  sessions: () => number;
  parties: () => number;
  pumpThreads: () => Promise<{ pumps: number; cpuSeconds: number; cachedBytes: number }[]>;
}

/** The same of the library. */
export interface LibrarySources {
  uploads: () => number;
  jobs: {
    count(): Promise<{ kind: string; state: string; jobs: number }[]>;
    on(listener: (event: { type: string; jobId: string; kind: string }) => void): unknown;
  };
}

/** Every metric of the server, in one place; docs/metrics.md lists them, and a test keeps it so. */
export class Metrics {
  readonly registry = new Registry();
  readonly joins = this.#counter('sfumato_joins_total', 'Viewers that joined a Channel.');
  readonly layerChanges = new Counter({
    name: 'sfumato_layer_changes_total',
    help: 'Changes of the Layer that a Viewer is sent, by reason.',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });
  readonly sessionsOpened = this.#counter(
    'sfumato_sessions_opened_total',
    'Playbacks of stored videos over WebRTC that were opened.',
  );
  readonly sessionsEnded = new Counter({
    name: 'sfumato_sessions_ended_total',
    help: 'Those that ended, by reason.',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });
  readonly #seeks = this.#histogram(
    'sfumato_seek_seconds',
    'From a request for another place in one of them to the sending of its first pictures, seconds.',
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
  );
  readonly playlistItems = this.#counter(
    'sfumato_playlist_items_total',
    'Items of playlists that went on air.',
  );
  readonly playlistFailures = new Counter({
    name: 'sfumato_playlist_failures_total',
    help: 'Items of playlists that could not be played, by reason.',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });
  readonly #watchedSeconds = this.#counter(
    'sfumato_watched_seconds_total',
    'Time that Viewers have watched, seconds; those that are gone.',
  );
  readonly #freezes = this.#counter(
    'sfumato_freezes_total',
    'How often the picture stood still for Viewers that are gone.',
  );
  readonly #freezeSeconds = this.#counter(
    'sfumato_freeze_seconds_total',
    'How long it did, seconds.',
  );
  readonly #firstFrame = this.#histogram(
    'sfumato_time_to_first_frame_seconds',
    'From `play()` to the first picture on the screen, seconds.',
    [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10],
  );
  readonly #latency = this.#histogram(
    'sfumato_latency_seconds',
    'From the capture of a picture to its being shown, as Viewers tell every few seconds, seconds.',
    [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5],
  );
  readonly uploadedBytes = this.#counter(
    'sfumato_uploaded_bytes_total',
    'Bytes of uploads that have come in.',
  );
  readonly #jobsEnded = new Counter({
    name: 'sfumato_jobs_ended_total',
    help: 'Jobs that were done or have failed on this server, by kind.',
    labelNames: ['kind', 'outcome'] as const,
    registers: [this.registry],
  });
  readonly #preparation = this.#histogram(
    'sfumato_preparation_seconds',
    'From the beginning of an Asset’s preparation to its end, seconds.',
    [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400],
  );
  readonly refusedTokens = new Counter({
    name: 'sfumato_refused_playback_tokens_total',
    help: 'Playback tokens that were shown and are none, by what is wrong with them.',
    labelNames: ['fault'] as const,
    registers: [this.registry],
  });
  readonly wrongPasswords = this.#counter(
    'sfumato_wrong_passwords_total',
    'Wrong passwords that were said for Channels and Assets.',
  );
  readonly webhookAnswers = new Counter({
    name: 'sfumato_access_webhook_total',
    help: 'Questions to the access webhook, by what came of them.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly unexpectedErrors = this.#counter(
    'sfumato_unexpected_errors_total',
    'Requests that ended in an error that no code foresaw.',
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Adds the figures that are read, not counted. To be called once. */
  observe(sources: MetricSources): void {
    this.#observeChannels(sources);
    this.#observeLayers(sources);
    this.#gauge('sfumato_signaling_connections', 'Open signaling sockets.', sources.connections);
    this.#gauge('sfumato_viewer_transports', 'Connections to Viewers.', sources.transports);
    this.#gauge('sfumato_sfu_workers', 'SFU workers that are running.', sources.workers);
    this.#gauge('sfumato_sfu_worker_deaths', 'SFU workers that died.', sources.workerDeaths);
    this.#gauge(
      'sfumato_ladders',
      'One-layer sources whose lower Layers are being made: one ffmpeg each.',
      sources.ladders,
    );
    this.#gauge(
      'sfumato_playlists_on_air',
      'Channels that play from the library now.',
      sources.playlistsOnAir,
    );
    this.#gauge(
      'sfumato_parties',
      'Parties: people who watch something together.',
      sources.parties,
    );
    this.#gauge(
      'sfumato_sessions',
      'Playbacks of stored videos over WebRTC that are open.',
      sources.sessions,
    );
    this.#observePump(sources);
    this.#observeWorkerCpu(sources);
  }

  /** Adds those of the library. To be called once. */
  observeLibrary({ uploads, jobs }: LibrarySources): void {
    this.#gauge('sfumato_uploads', 'Uploads of which something is coming now.', uploads);
    this.#countJobs(jobs);
    const gauge = new Gauge({
      name: 'sfumato_jobs',
      help: 'Jobs by kind, and whether they wait (queued), are being done (running) or failed.',
      labelNames: ['kind', 'state'] as const,
      registers: [this.registry],
      collect: async () => {
        const all = await jobs.count();
        gauge.reset();
        for (const one of all) gauge.inc({ kind: plainKind(one.kind), state: one.state }, one.jobs);
      },
    });
  }

  #countJobs(jobs: LibrarySources['jobs']): void {
    const begun = new Map<string, number>();
    jobs.on(({ type, jobId, kind }) => {
      if (type === 'started') begun.set(jobId, performance.now());
      if (!['done', 'failed', 'waiting', 'cancelled', 'lost'].includes(type)) return;
      const sinceMs = begun.get(jobId);
      begun.delete(jobId);
      if (type !== 'done' && type !== 'failed') return;
      this.#jobsEnded.inc({ kind: plainKind(kind), outcome: type });
      if (kind !== 'prepare' || type !== 'done' || sinceMs === undefined) return;
      this.#preparation.observe((performance.now() - sinceMs) / 1000);
    });
  }

  /** What a Viewer tells of itself every few seconds. */
  qualityReported({ latencyMs }: QualityReport): void {
    if (latencyMs !== null) this.#latency.observe(latencyMs / 1000);
  }

  /** Somebody went elsewhere in a Session. */
  sought(seconds: number): void {
    this.#seeks.observe(seconds);
  }

  /** The last that a Viewer told, when it goes. */
  viewerEnded(quality: QualityReport): void {
    this.#watchedSeconds.inc(quality.watchedSeconds);
    this.#freezes.inc(quality.freezes);
    this.#freezeSeconds.inc(quality.freezeSeconds);
    if (quality.timeToFirstFrameMs !== null) {
      this.#firstFrame.observe(quality.timeToFirstFrameMs / 1000);
    }
  }

  #observeLayers({ viewersByLayer }: MetricSources): void {
    const gauge = new Gauge({
      name: 'sfumato_viewers_by_layer',
      help: 'Viewers by the Layer that they are sent and the reason for it.',
      labelNames: ['layer', 'reason'] as const,
      registers: [this.registry],
      collect: () => {
        gauge.reset();
        for (const { layer, reason, viewers } of viewersByLayer()) {
          gauge.set({ layer, reason }, viewers);
        }
      },
    });
  }

  #observeChannels(sources: MetricSources): void {
    const labelNames = ['channel'] as const;
    const viewers = new Gauge({
      name: 'sfumato_viewers',
      help: 'Viewers of each Channel.',
      labelNames,
      registers: [this.registry],
      collect: () => {
        viewers.reset();
        for (const one of sources.channels()) {
          viewers.set({ channel: one.id }, one.viewers);
        }
      },
    });
    const live = new Gauge({
      name: 'sfumato_channel_live',
      help: 'Is the Channel on air (1) or not (0)?',
      labelNames,
      registers: [this.registry],
      collect: () => {
        live.reset();
        for (const one of sources.channels()) {
          live.set({ channel: one.id }, one.live ? 1 : 0);
        }
      },
    });
  }

  #observePump({ pumpThreads }: MetricSources): void {
    const sum =
      (read: (thread: { pumps: number; cpuSeconds: number; cachedBytes: number }) => number) =>
      async () =>
        (await pumpThreads()).reduce((total, thread) => total + read(thread), 0);
    this.#gauge(
      'sfumato_pumps',
      'Files that are on air, and Assets that are played in Sessions.',
      sum(({ pumps }) => pumps),
    );
    this.#gauge(
      'sfumato_pump_cpu_seconds',
      'CPU time used by the threads of the Pump, seconds.',
      sum(({ cpuSeconds }) => cpuSeconds),
    );
    this.#gauge(
      'sfumato_pump_cache_bytes',
      'Memory that holds RTP payloads to be sent again, bytes.',
      sum(({ cachedBytes }) => cachedBytes),
    );
  }

  #observeWorkerCpu(sources: MetricSources): void {
    const gauge = new Gauge({
      name: 'sfumato_sfu_worker_cpu_seconds',
      help: 'CPU time used by each SFU worker since it started, seconds.',
      labelNames: ['worker'] as const,
      registers: [this.registry],
      collect: async () => {
        gauge.reset();
        for (const { worker, cpuTimeMs } of await sources.workerCpuTimesMs()) {
          gauge.set({ worker: String(worker) }, cpuTimeMs / 1000);
        }
      },
    });
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: async () => gauge.set(await read()),
    });
  }
}

/** Without the place that some are tied to. */
function plainKind(kind: string): string {
  return kind.split('@')[0] ?? kind;
}
