import type { SfumatoPlayer } from '../player/sfumato-player.ts';
import { heightsOf, indexForHeight } from './heights.ts';
import type { OutsideMethod } from './player-js.ts';

type Obeyed = Record<
  Exclude<OutsideMethod, 'addEventListener' | 'removeEventListener'>,
  (player: SfumatoPlayer, value: unknown) => unknown
>;

/** What a page around the player may ask of it; a getter's value is the answer. */
export const OBEYED: Obeyed = {
  play: (player) => {
    // A refusal is a condition, which the page hears of.
    player.play().catch((error: unknown) => console.debug('sfumato: play', error));
  },
  pause: (player) => player.pause(),
  getPaused: (player) => player.paused,
  mute: (player) => setMuted(player, true),
  unmute: (player) => setMuted(player, false),
  getMuted: (player) => player.media?.muted ?? false,
  setVolume: (player, value) => {
    const percent = numberOf(value);
    if (percent !== null) player.volume = Math.min(1, Math.max(0, percent / 100));
  },
  getVolume: (player) => Math.round(player.volume * 100),
  // Nothing live has one; JSON has no Infinity.
  getDuration: (player) => (Number.isFinite(player.duration) ? player.duration : 0),
  setCurrentTime: (player, value) => {
    const seconds = numberOf(value);
    if (seconds !== null && isStored(player)) player.currentTime = Math.max(0, seconds);
  },
  getCurrentTime: (player) => player.currentTime,
  setLoop: (player, value) => {
    player.loop = value === true;
  },
  getLoop: (player) => player.loop,
  getLive: (player) => !isStored(player),
  getCondition: (player) => player.condition,
  getQualities: (player) => qualitiesOf(player),
  getQuality: (player) => player.stats()?.layerLabel ?? null,
  setQuality: (player, value) => setQuality(player, value),
  getCaptions: (player) =>
    tracksOf(player).find(({ mode }) => mode === 'showing')?.language ?? null,
  setCaptions: (player, value) => setCaptions(player, value),
  getPlaybackRate: (player) => player.media?.playbackRate ?? 1,
  setPlaybackRate: (player, value) => {
    const rate = numberOf(value);
    const { media } = player;
    if (rate !== null && media !== null && isStored(player)) {
      media.playbackRate = Math.min(2, Math.max(0.25, rate));
    }
  },
  getLatency: (player) => player.stats()?.latencyMs ?? null,
  getStats: (player) => player.stats(),
  setToken: (player, value) => {
    if (typeof value === 'string') player.token = value;
  },
};

export function isStored(player: SfumatoPlayer): boolean {
  return player.media?.streamType === 'on-demand';
}

function setMuted({ media }: SfumatoPlayer, muted: boolean): void {
  if (media !== null) media.muted = muted;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Heights that can be chosen, lowest first. */
function qualitiesOf({ media }: SfumatoPlayer): number[] {
  return heightsOf(media?.asset ?? null, media?.channel ?? null);
}

export function setQuality(player: SfumatoPlayer, value: unknown): void {
  if (value === 'auto' || value === 'audioOnly') return player.preferLayer(value);
  const wanted = numberOf(value);
  const heights = qualitiesOf(player);
  if (wanted !== null && heights.length > 0) player.preferLayer(indexForHeight(heights, wanted));
}

function tracksOf({ media }: SfumatoPlayer): TextTrack[] {
  return [...(media?.textTracks ?? [])].filter(
    ({ kind }) => kind === 'captions' || kind === 'subtitles',
  );
}

/** @param value a language (BCP 47), of which a more general one will do; anything else: none */
export function setCaptions(player: SfumatoPlayer, value: unknown): void {
  const tracks = tracksOf(player);
  const wanted = typeof value === 'string' && value !== 'off' ? value.toLowerCase() : null;
  const chosen =
    wanted === null
      ? undefined
      : (tracks.find(({ language }) => language.toLowerCase() === wanted) ??
        tracks.find(({ language }) => mainOf(language) === mainOf(wanted)));
  for (const track of tracks) track.mode = track === chosen ? 'showing' : 'disabled';
}

const mainOf = (language: string): string => language.toLowerCase().split('-')[0] ?? '';
