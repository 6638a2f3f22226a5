import type { Asset } from '../../signaling/contract/index.ts';
import type { SfumatoPlayer } from '../player/sfumato-player.ts';
import type { Place } from './asset-api.ts';

const STEP_SECONDS = 10;

/** What a lock screen or a media key's display shows of an Asset. @param filesUrl ends with a slash */
export function describeAsset(asset: Asset, filesUrl: string): void {
  if (!('mediaSession' in navigator)) return;
  const artwork = asset.files
    .filter(({ role, type }) => (role === 'poster' || role === 'cover') && !type.includes('avif'))
    .map(({ name, type, width = 0, height = 0 }) => ({
      src: filesUrl + name,
      type,
      sizes: `${width}x${height}`,
    }));
  const artist = asset.owner?.name ?? 'Sfumato';
  navigator.mediaSession.metadata = new MediaMetadata({ title: asset.title, artist, artwork });
}

/** Media keys and lock screens: what they can do with a player. */
export function obeyMediaKeys(player: SfumatoPlayer, place: () => Place | null): void {
  if (!('mediaSession' in navigator)) return;
  const session = navigator.mediaSession;
  const play = () => {
    player.play().catch((error: unknown) => console.debug('sfumato: play', error));
  };
  const move = (seconds: number) => (player.currentTime += seconds);
  const go = (to: 'before' | 'after') => {
    const id = place()?.[to]?.id;
    if (id !== undefined) location.assign(`/watch/${id}${location.search}`);
  };
  session.setActionHandler('play', play);
  session.setActionHandler('pause', () => player.pause());
  session.setActionHandler('seekbackward', ({ seekOffset }) => move(-(seekOffset ?? STEP_SECONDS)));
  session.setActionHandler('seekforward', ({ seekOffset }) => move(seekOffset ?? STEP_SECONDS));
  session.setActionHandler('seekto', ({ seekTime }) => {
    if (seekTime !== undefined) player.currentTime = seekTime;
  });
  session.setActionHandler('previoustrack', () => go('before'));
  session.setActionHandler('nexttrack', () => go('after'));
  for (const type of ['playing', 'seeked', 'ratechange', 'durationchange'] as const) {
    player.media?.addEventListener(type, () => tellPosition(player));
  }
}

function tellPosition({ media }: SfumatoPlayer): void {
  if (media === null || !Number.isFinite(media.duration) || media.duration <= 0) return;
  const { duration, currentTime, playbackRate } = media;
  const position = Math.min(duration, Math.max(0, currentTime));
  navigator.mediaSession.setPositionState({ duration, playbackRate, position });
}
