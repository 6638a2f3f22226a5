import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** What the gauges read at the moment of a scrape. */
export interface MetricSources {
  channels: () => { id: string; viewers: number; live: boolean }[];
  connections: () => number;
  transports: () => number;
  workers: () => number;
  workerDeaths: () => number;
  workerCpuTimesMs: () => Promise<{ worker: number; cpuTimeMs: number }[]>;
  pumpThreads: () => Promise<{ pumps: number; cpuSeconds: number; cachedBytes: number }[]>;
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
    this.#gauge('sfumato_signaling_connections', 'Open signaling sockets.', sources.connections);
    this.#gauge('sfumato_viewer_transports', 'Connections to Viewers.', sources.transports);
    this.#gauge('sfumato_sfu_workers', 'SFU workers that are running.', sources.workers);
    this.#gauge('sfumato_sfu_worker_deaths', 'SFU workers that died.', sources.workerDeaths);
    this.#observePump(sources);
    this.#observeWorkerCpu(sources);
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
      'Files that are on air.',
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

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: async () => gauge.set(await read()),
    });
  }
}
