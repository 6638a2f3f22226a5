import type { ChannelInfo } from '../../signaling/contract/index.ts';
import type { CodecChoice, CodecName } from './codec-choice.ts';
import type { EndReason, LiveFailure } from './live-state.ts';
import type { LayerPlan } from './layer-plan.ts';
import type { LayerFigures, LimitationReason } from './sending-figures.ts';
import { PLENTY } from './upload-estimate.ts';
import type { LinkState } from './upload-probe.ts';

/** How long it has been on air: `0:09`, `12:40`, `1:02:03`. */
export function clockWords(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

const LIMITATIONS: Record<LimitationReason, string> = {
  none: 'Nothing limits the picture.',
  cpu: 'This device cannot encode more. Close other programs, or choose a smaller picture.',
  bandwidth: 'Your connection carries no more at present.',
  other: 'The browser limits the picture.',
};

export function limitationWords(reason: LimitationReason): string {
  return LIMITATIONS[reason];
}

const ENDS: Record<EndReason, string> = {
  replaced:
    'Someone else has gone live with this key, perhaps you on another device. It is their picture now.',
  keyRotated: 'The stream key of this channel was replaced. Ask its operator for the new one.',
  channelDeleted: 'This channel was deleted.',
  rightLost: 'You may not go live here any more: you were logged out, or your role was changed.',
};

export function endWords(reason: EndReason): string {
  return ENDS[reason];
}

const FAILURES: Partial<Record<LiveFailure, string>> = {
  unauthorized:
    'This stream key is not known here. It may be mistyped, or have been replaced: ask for a new one.',
  forbidden: 'This stream key belongs to another channel.',
  notFound: 'There is no channel of this name.',
  conflict: 'Something else is on air on this channel, which cannot be replaced from here.',
  unsupportedMedia: 'This browser can send neither H.264 nor VP8. Try a current one.',
  noMedia:
    'Your network lets no media through (neither UDP nor TCP). Another network, or a VPN, may help.',
  overloaded: 'The server is busy. Trying again …',
  unavailable: 'The server cannot be reached. Trying again …',
  timeout: 'The server does not answer. Trying again …',
};

/** Where no key was shown, but a login. */
const FAILURES_OF_LOGIN: Partial<Record<LiveFailure, string>> = {
  unauthorized: 'You are not logged in any more. Log in again at /admin, or use a stream key.',
  forbidden: 'Your account may not go live on this channel.',
};

/** Why it does not go live; null where nothing failed. @param byLogin no stream key was shown */
export function failureWords(failure: LiveFailure | null, byLogin = false): string | null {
  if (failure === null) return null;
  const ofLogin = byLogin ? FAILURES_OF_LOGIN[failure] : undefined;
  if (ofLogin !== undefined) return ofLogin;
  return FAILURES[failure] ?? 'The server and this page do not understand each other. Reload it.';
}

/** Bits a second for people. */
export function bitrateWords(bitsPerSecond: number): string {
  const mega = bitsPerSecond / 1_000_000;
  return mega >= 1 ? `${mega.toFixed(1)} Mbit/s` : `${Math.round(bitsPerSecond / 1_000)} kbit/s`;
}

const COUNTS = ['no', 'one', 'two', 'three'];

/**
 * What the link was found to carry, and what comes of it; null before it was measured.
 *
 * @param layers that are going to be sent
 * @param side the whole picture's shorter one, pixels; null where there is no picture
 */
export function linkWords(
  link: LinkState,
  layers: readonly LayerPlan[],
  side: number | null,
): string | null {
  switch (link.name) {
    case 'unknown':
      return null;
    case 'measuring':
      return 'Measuring what your connection can send …';
    case 'failed':
      return 'Your connection could not be measured. Go live all the same: the picture follows what it carries.';
    case 'measured':
      break;
  }
  const can = `Your connection can send ${rateWords(link.bitrate)}`;
  const top = layers.at(-1);
  if (top === undefined || side === null) return `${can}.`;
  const count = COUNTS[layers.length] ?? String(layers.length);
  const height = Math.round(side / top.scaleResolutionDownBy);
  return `${can}: ${count} ${layers.length === 1 ? 'layer' : 'layers'} up to ${height}p.`;
}

function rateWords(bitrate: number): string {
  const words = bitrateWords(Number(bitrate.toPrecision(2))).replace('.0 ', ' ');
  return bitrate >= PLENTY ? `${words} or more` : `about ${words}`;
}

const CODEC_WORDS: Record<CodecName, string> = {
  H264: 'H.264',
  VP8: 'VP8',
  VP9: 'VP9, all layers in one stream',
};

/** The codec and why it is this one. */
export function codecWords({ codec, reason }: CodecChoice): string {
  return `Encoded as ${CODEC_WORDS[codec]}: ${reason}.`;
}

/** What a Layer sends: `640 × 360, 30 fps, 720 kbit/s`, or that nobody needs it. */
export function layerWords(figures: LayerFigures, wanted: boolean): string {
  const { sending, width, height, framesPerSecond, bitrate } = figures;
  if (!sending)
    return wanted ? 'waits: your connection has no room for it' : 'rests: nobody watches it';
  if (width === null || height === null) return 'starting';
  const parts = [`${width} × ${height}`];
  if (framesPerSecond !== null) parts.push(`${Math.round(framesPerSecond)} fps`);
  if (bitrate !== null) parts.push(bitrateWords(bitrate));
  return parts.join(', ');
}

/** A picture that was asked for and what the camera makes of it. */
export function pictureWords(settings: MediaTrackSettings | null): string {
  if (settings?.width === undefined || settings.height === undefined) return 'no picture';
  const { width, height, frameRate } = settings;
  const rate = frameRate === undefined ? '' : `, ${Math.round(frameRate)} a second`;
  return `${width} × ${height}${rate}`;
}

/** Who is on air on the Channel before one goes live oneself; null where nobody is. */
export function onAirWords(channel: Pick<ChannelInfo, 'live' | 'publisher'> | null): string | null {
  if (channel === null || !channel.live) return null;
  return 'Someone is on air on this channel now. Going live takes over at once.';
}
