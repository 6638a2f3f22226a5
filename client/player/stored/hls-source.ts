import HlsJs, { type ErrorData, type HlsConfig } from 'hls.js';
import { retryDelayMs } from '../../../signaling/client/index.ts';
import { accessHeaders, withToken } from '../access/pass.ts';
import { endInTime } from './hls-end.ts';
import { renditionOf, type StoredSource, type StoredSourceOptions } from './stored-source.ts';

const GONE = new Set([401, 403, 404, 410]);
/** A second failure to decode within this is no accident. Milliseconds. */
const MEDIA_ERROR_PAUSE_MS = 5_000;

/** Told early, and tried again here: hls.js would try for a long time before anybody hears of it. */
const PATIENCE = {
  maxTimeToFirstByteMs: 10_000,
  maxLoadTimeMs: 60_000,
  timeoutRetry: { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 },
};

const CONFIG: Partial<HlsConfig> = {
  // The content security policy allows no workers of text, and fragmented MP4 needs none.
  enableWorker: false,
  // Captions are <track> elements, whichever way the picture comes.
  enableWebVTT: false,
  renderTextTracksNatively: false,
  maxBufferLength: 30,
  // Whoever leaves has not loaded all of it.
  maxMaxBufferLength: 45,
  backBufferLength: 60,
  capLevelToPlayerSize: true,
  manifestLoadPolicy: { default: PATIENCE },
  playlistLoadPolicy: { default: PATIENCE },
  fragLoadPolicy: { default: PATIENCE },
};

/** From another origin a header would cost a question before every piece (CORS preflight); the address costs none. */
function showToken(request: XMLHttpRequest, url: string): void {
  const isOurs = new URL(url).origin === location.origin;
  request.open('GET', isOurs ? url : withToken(url), true);
  if (!isOurs) return;
  for (const [name, value] of Object.entries(accessHeaders(url)))
    request.setRequestHeader(name, value);
}

/** HLS by hls.js, over Media Source Extensions. */
export class HlsSource implements StoredSource {
  readonly via = 'hls';
  readonly clock = null;
  readonly #hls: HlsJs;
  readonly #options: StoredSourceOptions;
  #wanted: string | null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #mediaErrorAtMs = Number.NEGATIVE_INFINITY;
  readonly #letEndBe: () => void;

  constructor(options: StoredSourceOptions) {
    this.#options = options;
    this.#wanted = options.rendition;
    this.#hls = new HlsJs({
      ...CONFIG,
      xhrSetup: (request, url) => showToken(request, url),
      startPosition: options.startAt > 0 ? options.startAt : -1,
      ...(options.startBitrate !== undefined && { abrEwmaDefaultEstimate: options.startBitrate }),
    });
    this.#listen();
    this.#letEndBe = endInTime(this.#hls, options.video);
    this.#hls.attachMedia(options.video);
    this.#hls.loadSource(options.url);
  }

  static get isSupported(): boolean {
    return HlsJs.isSupported();
  }

  get renditions(): readonly string[] {
    return this.#hls.levels.flatMap(({ uri }) => renditionOf(uri) ?? []);
  }
  get rendition(): string | null {
    return renditionOf(this.#hls.levels[this.#hls.currentLevel]?.uri);
  }
  get framesPerSecond(): number | null {
    return this.#hls.levels.find(({ frameRate }) => frameRate > 0)?.frameRate ?? null;
  }
  get bandwidth(): number | null {
    const estimate = this.#hls.bandwidthEstimate;
    return Number.isFinite(estimate) && this.#failures === 0 ? estimate : null;
  }

  prefer(rendition: string | null): void {
    this.#wanted = rendition;
    if (this.#hls.levels.length === 0) return;
    const level = this.#levelOf(rendition);
    // What is shown changes with the next piece; without a wish, what is buffered stays.
    if (level >= 0) this.#hls.nextLevel = level;
    else this.#hls.loadLevel = -1;
  }

  retry(): void {
    if (this.#failures === 0) return;
    clearTimeout(this.#retry);
    if (this.#hls.levels.length === 0) this.#hls.loadSource(this.#options.url);
    else this.#hls.startLoad(this.#options.video.currentTime);
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#letEndBe();
    this.#hls.destroy();
  }

  #levelOf(rendition: string | null): number {
    if (rendition === null) return -1;
    return this.#hls.levels.findIndex(({ uri }) => renditionOf(uri) === rendition);
  }

  #listen(): void {
    const hls = this.#hls;
    hls.on(HlsJs.Events.MANIFEST_PARSED, () => {
      const level = this.#levelOf(this.#wanted);
      if (level >= 0) hls.startLevel = hls.loadLevel = level;
    });
    hls.on(HlsJs.Events.LEVEL_SWITCHED, () => this.#options.onRendition());
    hls.on(HlsJs.Events.FRAG_LOADED, () => this.#arrived());
    hls.on(HlsJs.Events.ERROR, (_event, data) => this.#failed(data));
  }

  #arrived(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#options.onLost(false);
  }

  #failed(data: ErrorData): void {
    console.debug('sfumato: hls', data.details, data.fatal, data.error.message);
    if (data.type === HlsJs.ErrorTypes.NETWORK_ERROR) this.#networkFailed(data);
    else if (data.fatal) this.#mediaFailed(data);
  }

  #networkFailed({ fatal, response }: ErrorData): void {
    if (GONE.has(response?.code ?? 0)) this.#options.onRefused();
    if (this.#failures === 0) this.#options.onLost(true);
    this.#failures += 1;
    if (!fatal) return;
    clearTimeout(this.#retry);
    const delayMs = retryDelayMs({ failures: this.#failures, random: Math.random() });
    this.#retry = setTimeout(() => this.retry(), delayMs);
  }

  /** A decoder that stumbled is given one more try. */
  #mediaFailed({ details }: ErrorData): void {
    const nowMs = performance.now();
    if (nowMs - this.#mediaErrorAtMs < MEDIA_ERROR_PAUSE_MS) {
      this.#options.onBroken(details);
      return;
    }
    this.#mediaErrorAtMs = nowMs;
    this.#hls.recoverMediaError();
  }
}
