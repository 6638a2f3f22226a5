/** What `getStats()` reports, as far as it is read here (https://www.w3.org/TR/webrtc-stats/). */
export type StatsEntry = { readonly type: string; readonly [field: string]: unknown };

export type LimitationReason = 'none' | 'cpu' | 'bandwidth' | 'other';

/** What one Layer sends at present; null where the browser does not tell, or not yet. */
export type LayerFigures = {
  /** Index, lowest 0. */
  layer: number;
  /** Is it being encoded at all? */
  sending: boolean;
  width: number | null;
  height: number | null;
  framesPerSecond: number | null;
  /** Bits a second since the last look. */
  bitrate: number | null;
};

export type SendingFigures = {
  layers: LayerFigures[];
  audioBitrate: number | null;
  roundTripMs: number | null;
  /** Share of the packets that the server lately missed, percent. */
  lossPercent: number | null;
  /** What the browser believes that the link carries, bits a second. */
  availableBitrate: number | null;
  limitation: LimitationReason;
  /** Does the device have an encoder of its own for it? */
  hardwareEncoder: boolean | null;
};

/** Bytes sent at the last look, by the stream's id, with the time of the report. */
export type SendingCounters = ReadonlyMap<string, { atMs: number; bytes: number }>;

/** Below this a Layer is not sent, whatever its counters say; bits a second. */
const SILENT_BITRATE = 1_000;

/**
 * Turns one report into figures, with rates over the time since `previous`.
 *
 * @param svcLayers how many Layers the one stream of the picture has; null where each has a stream of its own
 */
export function readSending(
  report: Iterable<StatsEntry>,
  previous: SendingCounters,
  svcLayers: number | null = null,
): { figures: SendingFigures; counters: SendingCounters } {
  const entries = [...report];
  const outbound = entries.filter(({ type }) => type === 'outbound-rtp');
  const counters = new Map(outbound.map((entry) => [idOf(entry), counterOf(entry)]));
  const video = outbound.filter(({ kind }) => kind === 'video').toSorted(byLayer);
  const audio = outbound.find(({ kind }) => kind === 'audio');
  const figures: SendingFigures = {
    layers:
      svcLayers === null
        ? video.map((entry, index) => layerFigures(entry, index, previous))
        : video.flatMap((entry) => svcFigures(entry, svcLayers, entries, previous)),
    audioBitrate: audio === undefined ? null : bitrateOf(audio, previous),
    roundTripMs: scaled(numberOf(selectedPair(entries), 'currentRoundTripTime'), 1_000),
    lossPercent: lossPercent(entries),
    availableBitrate: numberOf(selectedPair(entries), 'availableOutgoingBitrate'),
    limitation: limitationOf(video),
    hardwareEncoder: hardwareOf(video),
  };
  return { figures, counters };
}

/** mediasoup-client calls the Layers r0, r1 and so on, lowest first. */
function byLayer(a: StatsEntry, b: StatsEntry): number {
  return textOf(a, 'rid').localeCompare(textOf(b, 'rid'), 'en', { numeric: true });
}

function layerFigures(entry: StatsEntry, layer: number, previous: SendingCounters): LayerFigures {
  const bitrate = bitrateOf(entry, previous);
  const sending = entry['active'] !== false && (bitrate === null || bitrate >= SILENT_BITRATE);
  return {
    layer,
    sending,
    width: numberOf(entry, 'frameWidth'),
    height: numberOf(entry, 'frameHeight'),
    framesPerSecond: sending ? numberOf(entry, 'framesPerSecond') : null,
    bitrate,
  };
}

/**
 * Of one stream with several Layers the browser tells the size of the highest that it encodes, and what all of them
 * take together: how that is divided, the server sees.
 */
function svcFigures(
  entry: StatsEntry,
  count: number,
  entries: readonly StatsEntry[],
  previous: SendingCounters,
): LayerFigures[] {
  const whole = layerFigures(entry, 0, previous);
  const source = entries.find(({ type, kind }) => type === 'media-source' && kind === 'video');
  return Array.from({ length: count }, (_, layer) => {
    const part = (field: string) => partOf(numberOf(source, field), 2 ** (count - 1 - layer));
    const height = part('height');
    const encoded = height === null || whole.height === null || height <= whole.height;
    return {
      ...whole,
      layer,
      sending: whole.sending && encoded,
      width: part('width'),
      height,
      bitrate: null,
    };
  });
}

function partOf(value: number | null, divisor: number): number | null {
  return value === null ? null : Math.floor(value / divisor);
}

/** Retransmissions are left out: they are no part of what a Layer is encoded at. */
function counterOf(entry: StatsEntry) {
  const sent = numberOf(entry, 'bytesSent') ?? 0;
  const again = numberOf(entry, 'retransmittedBytesSent') ?? 0;
  return { atMs: numberOf(entry, 'timestamp') ?? 0, bytes: sent - again };
}

/** Counters that went backwards belong to another stream: there is nothing to compare with. */
function bitrateOf(entry: StatsEntry, previous: SendingCounters): number | null {
  const now = counterOf(entry);
  const before = previous.get(idOf(entry));
  if (before === undefined || now.atMs <= before.atMs || now.bytes < before.bytes) return null;
  return ((now.bytes - before.bytes) * 8_000) / (now.atMs - before.atMs);
}

/** The worst of the Layers: a single one that is held back is what the person sees. */
function limitationOf(video: StatsEntry[]): LimitationReason {
  const reasons = video.map((entry) => entry['qualityLimitationReason']);
  return (['cpu', 'bandwidth', 'other'] as const).find((one) => reasons.includes(one)) ?? 'none';
}

function hardwareOf(video: StatsEntry[]): boolean | null {
  const known = video.map((entry) => entry['powerEfficientEncoder']);
  const answers = known.filter((one) => typeof one === 'boolean');
  return answers.length === 0 ? null : answers.every(Boolean);
}

function lossPercent(entries: StatsEntry[]): number | null {
  const fractions = entries
    .filter(({ type }) => type === 'remote-inbound-rtp')
    .flatMap((entry) => numberOf(entry, 'fractionLost') ?? []);
  return fractions.length === 0 ? null : 100 * Math.max(...fractions);
}

function selectedPair(entries: StatsEntry[]): StatsEntry | undefined {
  const transport = entries.find(({ type }) => type === 'transport');
  const pairs = entries.filter(({ type }) => type === 'candidate-pair');
  return (
    pairs.find((pair) => pair['id'] === transport?.['selectedCandidatePairId']) ??
    pairs.find((pair) => pair['nominated'] === true && pair['state'] === 'succeeded')
  );
}

const idOf = (entry: StatsEntry) => textOf(entry, 'id');

function textOf(entry: StatsEntry, field: string): string {
  const value = entry[field];
  return typeof value === 'string' ? value : '';
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function numberOf(entry: StatsEntry | undefined, field: string): number | null {
  const value = entry?.[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
