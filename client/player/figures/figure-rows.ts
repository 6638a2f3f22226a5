import type { PlayerStats, StoredFigures } from './player-stats.ts';
import { wayWords } from '../ways/way-words.ts';

export type FigureRow = { name: string; value: string };

const UNKNOWN = 'not known yet';

/** The figures panel's table, in words. */
export function figureRows(stats: PlayerStats): FigureRow[] {
  const { stored } = stats;
  return stored === undefined ? liveRows(stats) : storedRows(stats, stored);
}

function storedRows(stats: PlayerStats, stored: StoredFigures): FigureRow[] {
  const { via, protocol, wayReason, lastSeekMs, bufferedSeconds } = stored;
  const told = via === null ? UNKNOWN : wayWords({ via, protocol, reason: wayReason });
  return [
    { name: 'Quality', value: stats.layerSentence },
    { name: 'Comes by', value: told },
    { name: 'Your link', value: linkText(stats) },
    { name: 'Picture', value: pictureText(stats) },
    { name: 'First picture', value: withUnit(stats.timeToFirstFrameMs, 'ms', ' after play') },
    { name: 'Last seek', value: lastSeekMs === null ? 'none yet' : withUnit(lastSeekMs, 'ms') },
    { name: 'Speed', value: speedText(stored) },
    { name: 'Bitrate', value: bitrateText(stats) },
    ...(bufferedSeconds === null
      ? streamRows(stats)
      : [{ name: 'Loaded ahead', value: `${bufferedSeconds.toFixed(1)} s` }]),
    { name: 'Frames', value: framesText(stats) },
    { name: 'File', value: stored.rendition ?? UNKNOWN },
  ];
}

/** Of what comes packet by packet. */
function streamRows(stats: PlayerStats): FigureRow[] {
  return [
    { name: 'Packet loss', value: lossText(stats) },
    { name: 'Round trip', value: roundTripText(stats) },
    { name: 'Jitter buffer', value: bufferText(stats) },
    { name: 'Freezes', value: freezesText(stats) },
  ];
}

function speedText({ playbackRate, soundRests }: StoredFigures): string {
  return `${playbackRate} ×${soundRests ? ', the sound rests meanwhile' : ''}`;
}

function liveRows(stats: PlayerStats): FigureRow[] {
  return [
    { name: 'Quality', value: stats.layerSentence },
    { name: 'Your link', value: linkText(stats) },
    { name: 'Picture', value: pictureText(stats) },
    { name: 'Delay', value: delayText(stats) },
    { name: 'First picture', value: withUnit(stats.timeToFirstFrameMs, 'ms', ' after play') },
    { name: 'Bitrate', value: bitrateText(stats) },
    { name: 'Packet loss', value: lossText(stats) },
    { name: 'Round trip', value: roundTripText(stats) },
    { name: 'Jitter buffer', value: bufferText(stats) },
    { name: 'Decoding', value: decodingText(stats) },
    { name: 'Frames', value: framesText(stats) },
    { name: 'Freezes', value: freezesText(stats) },
    { name: 'Codecs', value: codecsText(stats) },
  ];
}

/** Bits a second for people: `2.4 Mbit/s`, `64 kbit/s`. */
export function bitrateWords(bitsPerSecond: number): string {
  const mega = bitsPerSecond / 1_000_000;
  if (mega >= 1) return `${mega.toFixed(1)} Mbit/s`;
  return `${Math.round(bitsPerSecond / 1_000)} kbit/s`;
}

function withUnit(value: number | null, unit: string, rest = ''): string {
  return value === null ? UNKNOWN : `${Math.round(value)} ${unit}${rest}`;
}

function pictureText({ width, height, framesPerSecond }: PlayerStats): string {
  if (width === null || height === null) return 'none';
  const rate = framesPerSecond === null ? '' : `, ${Math.round(framesPerSecond)} a second`;
  return `${width} × ${height}${rate}`;
}

function delayText({ latencyMs, latencyFrom }: PlayerStats): string {
  const from = latencyFrom === 'server' ? 'server' : 'source';
  return withUnit(latencyMs, 'ms', ` from the ${from} to your eye`);
}

function linkText({ availableBitrate }: PlayerStats): string {
  return availableBitrate === null ? UNKNOWN : `carries ${bitrateWords(availableBitrate)}`;
}

function bitrateText({ bitrate, videoBitrate, audioBitrate }: PlayerStats): string {
  if (bitrate === null) return UNKNOWN;
  const parts = `; picture ${bitrateWords(videoBitrate ?? 0)}, sound ${bitrateWords(audioBitrate ?? 0)}`;
  return videoBitrate === null || audioBitrate === null
    ? bitrateWords(bitrate)
    : `${bitrateWords(bitrate)}${parts}`;
}

function bufferText({ jitterBufferMs, audioJitterBufferMs }: PlayerStats): string {
  const sound =
    audioJitterBufferMs === null ? '' : `; of the sound ${Math.round(audioJitterBufferMs)} ms`;
  return withUnit(jitterBufferMs, 'ms', sound);
}

/** With the share of the time between two pictures. */
function decodingText({ decodeMs, framesPerSecond, hardwareDecoder }: PlayerStats): string {
  const share =
    decodeMs === null || framesPerSecond === null
      ? ''
      : `, ${Math.round((decodeMs * framesPerSecond) / 10)} % of its time`;
  return withUnit(decodeMs, 'ms', ` a picture${share}${hardwareDecoder ? ', in hardware' : ''}`);
}

function lossText({ lossPercent, packetsLost, packetsReceived }: PlayerStats): string {
  if (packetsReceived === 0) return UNKNOWN;
  const now = lossPercent === null ? '' : `${lossPercent.toFixed(1)} % now; `;
  return `${now}${packetsLost} of ${packetsReceived + packetsLost} in all`;
}

function roundTripText({ roundTripMs, protocol }: PlayerStats): string {
  const over = protocol === null ? '' : ` over ${protocol.toUpperCase()}`;
  return withUnit(roundTripMs, 'ms', over);
}

function framesText({ framesDecoded, framesDropped }: PlayerStats): string {
  return `${framesDecoded} decoded, ${framesDropped} dropped`;
}

function freezesText({ freezes, freezeSeconds }: PlayerStats): string {
  return freezes === 0 ? 'none' : `${freezes}, ${freezeSeconds.toFixed(1)} s in all`;
}

function codecsText({ videoCodec, audioCodec }: PlayerStats): string {
  const known = [videoCodec, audioCodec].filter((codec) => codec !== null);
  return known.length === 0 ? UNKNOWN : known.join(', ');
}
