import type { PlayerStats } from './player-stats.ts';

export type FigureRow = { name: string; value: string };

const UNKNOWN = 'not known yet';

/** The figures panel's table, in words. */
export function figureRows(stats: PlayerStats): FigureRow[] {
  return [
    { name: 'Quality', value: stats.layerSentence },
    { name: 'Picture', value: pictureText(stats) },
    { name: 'Delay', value: withUnit(stats.latencyMs, 'ms', ' from the source to your eye') },
    { name: 'First picture', value: withUnit(stats.timeToFirstFrameMs, 'ms', ' after play') },
    { name: 'Bitrate', value: bitrateText(stats) },
    { name: 'Packet loss', value: lossText(stats) },
    { name: 'Jitter buffer', value: withUnit(stats.jitterBufferMs, 'ms') },
    { name: 'Round trip', value: roundTripText(stats) },
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

function bitrateText({ bitrate, availableBitrate }: PlayerStats): string {
  if (bitrate === null) return UNKNOWN;
  const room =
    availableBitrate === null ? '' : `; your link carries ${bitrateWords(availableBitrate)}`;
  return `${bitrateWords(bitrate)}${room}`;
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
