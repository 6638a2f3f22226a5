/** What `getStats()` reports, as far as the player reads it (https://www.w3.org/TR/webrtc-stats/). */
export type StatsEntry = { readonly type: string; readonly [field: string]: unknown };

/** The figures of one moment; null where the browser does not tell, or not yet. */
export type StreamFigures = {
  width: number | null;
  height: number | null;
  framesPerSecond: number | null;
  /** Bits a second, over the time since the last look, payloads only. */
  videoBitrate: number | null;
  audioBitrate: number | null;
  packetsReceived: number;
  packetsLost: number;
  /** Share of the packets since the last look that never came, percent. */
  lossPercent: number | null;
  /** How long the average picture waited for its turn since the last look, milliseconds. */
  jitterBufferMs: number | null;
  audioJitterBufferMs: number | null;
  roundTripMs: number | null;
  /** Whole pictures that arrived, those that were then dropped included. */
  framesReceived: number;
  framesDecoded: number;
  framesDropped: number;
  keyFramesDecoded: number;
  freezes: number;
  freezeSeconds: number;
  /** Milliseconds the average picture took to decode since the last look. */
  decodeMs: number | null;
  /** All pictures so far. */
  decodeSeconds: number;
  hardwareDecoder: boolean;
  protocol: 'udp' | 'tcp' | null;
  videoCodec: string | null;
  audioCodec: string | null;
  /** NTP time of what is being shown and heard, by the sender's clock, milliseconds since the Unix epoch. */
  videoPlayoutMs: number | null;
  audioPlayoutMs: number | null;
};

/** The counters that the next look is compared with. */
export type StreamCounters = {
  atMs: number;
  videoBytes: number;
  audioBytes: number;
  received: number;
  lost: number;
  jitterBufferDelay: number;
  jitterBufferEmitted: number;
  audioJitterBufferDelay: number;
  audioJitterBufferEmitted: number;
  framesDecoded: number;
  decodeSeconds: number;
};

/** mediasoup-client's extra receiver for bandwidth probes; its packets are no part of the stream. */
const PROBATOR_MID = 'probator';
/** From the NTP epoch (1900) to the Unix epoch (RFC 5905 section 6). */
export const NTP_TO_UNIX_MS = 2_208_988_800_000;

/**
 * Turns one report into figures, with rates over the time since `previous`, the counters of the last look
 * at the same connection.
 */
export function readFigures(
  report: Iterable<StatsEntry>,
  previous: StreamCounters | null,
): { figures: StreamFigures; counters: StreamCounters } {
  const entries = [...report];
  const video = inbound(entries, 'video');
  const audio = inbound(entries, 'audio');
  const counters = countersOf(video, audio);
  const since = comparable(counters, previous);
  return { counters, figures: figuresOf(entries, video, audio, counters, since) };
}

function figuresOf(
  entries: StatsEntry[],
  video: StatsEntry | undefined,
  audio: StatsEntry | undefined,
  now: StreamCounters,
  since: StreamCounters | null,
): StreamFigures {
  const pair = selectedPair(entries);
  const roundTrip = numberOf(pair, 'currentRoundTripTime');
  return {
    width: numberOf(video, 'frameWidth'),
    height: numberOf(video, 'frameHeight'),
    framesPerSecond: numberOf(video, 'framesPerSecond'),
    videoBitrate: bitrate(now.videoBytes, since?.videoBytes, now, since),
    audioBitrate: bitrate(now.audioBytes, since?.audioBytes, now, since),
    packetsReceived: now.received,
    packetsLost: now.lost,
    lossPercent: lossPercent(now, since),
    jitterBufferMs: averageMs(
      now.jitterBufferDelay - (since?.jitterBufferDelay ?? 0),
      now.jitterBufferEmitted - (since?.jitterBufferEmitted ?? 0),
    ),
    audioJitterBufferMs: averageMs(
      now.audioJitterBufferDelay - (since?.audioJitterBufferDelay ?? 0),
      now.audioJitterBufferEmitted - (since?.audioJitterBufferEmitted ?? 0),
    ),
    roundTripMs: roundTrip === null ? null : roundTrip * 1_000,
    framesReceived: numberOf(video, 'framesReceived') ?? 0,
    framesDecoded: now.framesDecoded,
    framesDropped: numberOf(video, 'framesDropped') ?? 0,
    keyFramesDecoded: numberOf(video, 'keyFramesDecoded') ?? 0,
    freezes: numberOf(video, 'freezeCount') ?? 0,
    freezeSeconds: numberOf(video, 'totalFreezesDuration') ?? 0,
    decodeMs: averageMs(
      now.decodeSeconds - (since?.decodeSeconds ?? 0),
      now.framesDecoded - (since?.framesDecoded ?? 0),
    ),
    decodeSeconds: now.decodeSeconds,
    hardwareDecoder: video?.['powerEfficientDecoder'] === true,
    protocol: protocolOf(entries, pair),
    videoCodec: codecOf(entries, video),
    audioCodec: codecOf(entries, audio),
    videoPlayoutMs: playoutMs(video),
    audioPlayoutMs: playoutMs(audio),
  };
}

function countersOf(video: StatsEntry | undefined, audio: StatsEntry | undefined): StreamCounters {
  const total = (field: string) => (numberOf(video, field) ?? 0) + (numberOf(audio, field) ?? 0);
  return {
    atMs: numberOf(video ?? audio, 'timestamp') ?? 0,
    videoBytes: numberOf(video, 'bytesReceived') ?? 0,
    audioBytes: numberOf(audio, 'bytesReceived') ?? 0,
    received: total('packetsReceived'),
    lost: total('packetsLost'),
    jitterBufferDelay: numberOf(video, 'jitterBufferDelay') ?? 0,
    jitterBufferEmitted: numberOf(video, 'jitterBufferEmittedCount') ?? 0,
    audioJitterBufferDelay: numberOf(audio, 'jitterBufferDelay') ?? 0,
    audioJitterBufferEmitted: numberOf(audio, 'jitterBufferEmittedCount') ?? 0,
    framesDecoded: numberOf(video, 'framesDecoded') ?? 0,
    decodeSeconds: numberOf(video, 'totalDecodeTime') ?? 0,
  };
}

/** Counters that went backwards belong to another connection: there is nothing to compare with. */
function comparable(now: StreamCounters, previous: StreamCounters | null): StreamCounters | null {
  if (previous === null || now.atMs <= previous.atMs) return null;
  return now.received < previous.received ? null : previous;
}

/** The receiver of a kind that is in use: after a zap the old one stays in the report, silent. */
function inbound(entries: StatsEntry[], kind: 'audio' | 'video'): StatsEntry | undefined {
  const lastPacket = (entry: StatsEntry) => numberOf(entry, 'lastPacketReceivedTimestamp') ?? 0;
  return entries
    .filter((entry) => entry.type === 'inbound-rtp' && entry['kind'] === kind)
    .filter((entry) => entry['mid'] !== PROBATOR_MID)
    .toSorted((a, b) => lastPacket(b) - lastPacket(a))[0];
}

function selectedPair(entries: StatsEntry[]): StatsEntry | undefined {
  const transport = entries.find((entry) => entry.type === 'transport');
  const pairs = entries.filter((entry) => entry.type === 'candidate-pair');
  return (
    pairs.find((pair) => pair['id'] === transport?.['selectedCandidatePairId']) ??
    pairs.find((pair) => pair['nominated'] === true && pair['state'] === 'succeeded')
  );
}

function protocolOf(entries: StatsEntry[], pair: StatsEntry | undefined): 'udp' | 'tcp' | null {
  const local = entries.find((entry) => entry['id'] === pair?.['localCandidateId']);
  const protocol = local?.['protocol'];
  return protocol === 'udp' || protocol === 'tcp' ? protocol : null;
}

function codecOf(entries: StatsEntry[], stream: StatsEntry | undefined): string | null {
  const codec = entries.find(
    (entry) => entry.type === 'codec' && entry['id'] === stream?.['codecId'],
  );
  const mimeType = codec?.['mimeType'];
  return typeof mimeType === 'string' ? (mimeType.split('/')[1] ?? null) : null;
}

function playoutMs(stream: StatsEntry | undefined): number | null {
  const ntpMs = numberOf(stream, 'estimatedPlayoutTimestamp');
  return ntpMs === null || ntpMs <= 0 ? null : ntpMs - NTP_TO_UNIX_MS;
}

function bitrate(
  bytes: number,
  bytesBefore: number | undefined,
  now: StreamCounters,
  since: StreamCounters | null,
): number | null {
  if (since === null || bytesBefore === undefined) return null;
  return ((bytes - bytesBefore) * 8_000) / (now.atMs - since.atMs);
}

function lossPercent(now: StreamCounters, since: StreamCounters | null): number | null {
  // A packet that came late after all lowers the count (RFC 3550 section 6.4.1): no loss below zero.
  const lost = Math.max(0, now.lost - (since?.lost ?? 0));
  const expected = lost + now.received - (since?.received ?? 0);
  return expected > 0 ? (100 * lost) / expected : null;
}

function averageMs(totalSeconds: number, count: number): number | null {
  return count > 0 ? (1_000 * totalSeconds) / count : null;
}

function numberOf(entry: StatsEntry | undefined, field: string): number | null {
  const value = entry?.[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
