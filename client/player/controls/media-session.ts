import type { SfumatoVideo } from '../sfumato-video.ts';
import { artworkOf } from '../stored/artwork.ts';

/** Seconds. */
const JUMP = 10;

const ACTIONS = [
  'play',
  'pause',
  'stop',
  'seekto',
  'seekbackward',
  'seekforward',
  'nexttrack',
  'previoustrack',
] as const;
type Action = (typeof ACTIONS)[number];

export type SessionPlayer = EventTarget & {
  readonly hasnext: boolean;
  readonly hasprevious: boolean;
};

/** Events of the media element after which what a lock screen shows may be another. */
const TOLD_BY = [
  'play',
  'playing',
  'pause',
  'seeked',
  'ratechange',
  'durationchange',
  'ended',
  'assetchange',
  'channelchange',
  // What may not be watched any more is not shown on a lock screen either.
  'conditionchange',
] as const;

/** Whose media keys and lock screen it is: of a page's players the one that played last. */
let holder: MediaSessionLink | null = null;

/** A player's tie to the Media Session API: what lock screens and media keys show of it and do with it. */
export class MediaSessionLink {
  readonly #player: SessionPlayer;
  #media: SfumatoVideo | null = null;
  /** What it was told to show: told again, the picture may flicker. */
  #shown = '';

  constructor(player: SessionPlayer) {
    this.#player = player;
  }

  attach(media: SfumatoVideo): void {
    if (!('mediaSession' in navigator)) return;
    this.#media = media;
    if (!media.paused) handTo(this);
    media.addEventListener('play', () => handTo(this));
    for (const type of TOLD_BY) media.addEventListener(type, () => this.update());
    this.update();
  }

  /** Does nothing while another player has it. */
  update(): void {
    if (holder !== this || this.#media === null) return;
    const media = this.#media;
    navigator.mediaSession.playbackState = media.paused ? 'paused' : 'playing';
    this.#show(descriptionOf(media));
    const handlers = this.#handlers(media);
    for (const action of ACTIONS) setHandler(action, handlers[action] ?? null);
    tellPosition(media);
  }

  release(): void {
    if (holder !== this) return;
    holder = null;
    this.#shown = '';
    navigator.mediaSession.playbackState = 'none';
    navigator.mediaSession.metadata = null;
    for (const action of ACTIONS) setHandler(action, null);
    navigator.mediaSession.setPositionState();
  }

  #show(description: MediaMetadataInit): void {
    const shown = JSON.stringify(description);
    if (shown === this.#shown) return;
    this.#shown = shown;
    navigator.mediaSession.metadata = new MediaMetadata(description);
  }

  #handlers(media: SfumatoVideo): Partial<Record<Action, MediaSessionActionHandler>> {
    const ask = (type: string) => () => void this.#player.dispatchEvent(new Event(type));
    const { hasnext, hasprevious } = this.#player;
    return {
      play: () => {
        media.play().catch((error: unknown) => console.debug('sfumato: play', error));
      },
      pause: () => media.pause(),
      stop: () => media.pause(),
      ...(media.streamType === 'on-demand' && seekHandlers(media)),
      ...(hasnext && { nexttrack: ask('nexttrack') }),
      ...(hasprevious && { previoustrack: ask('previoustrack') }),
    };
  }
}

/** @returns null while there is no media element */
export function sessionOf(
  player: SessionPlayer,
  media: SfumatoVideo | null,
): MediaSessionLink | null {
  if (media === null) return null;
  const link = new MediaSessionLink(player);
  link.attach(media);
  return link;
}

function handTo(link: MediaSessionLink): void {
  if (holder !== link) holder?.release();
  holder = link;
}

function seekHandlers(media: SfumatoVideo): Partial<Record<Action, MediaSessionActionHandler>> {
  return {
    seekto: ({ seekTime }) => {
      if (seekTime !== undefined) media.currentTime = seekTime;
    },
    seekbackward: ({ seekOffset }) => (media.currentTime -= seekOffset ?? JUMP),
    seekforward: ({ seekOffset }) => (media.currentTime += seekOffset ?? JUMP),
  };
}

function descriptionOf({ asset, channel, filesUrl }: SfumatoVideo): MediaMetadataInit {
  return {
    title: asset?.title ?? channel?.title ?? document.title,
    artist: asset?.owner?.name ?? 'Sfumato',
    artwork: asset === null ? [] : artworkOf(asset, filesUrl),
  };
}

/** Of what is live there is none. */
function tellPosition({ duration, currentTime, playbackRate, streamType }: SfumatoVideo): void {
  const known = streamType === 'on-demand' && Number.isFinite(duration) && duration > 0;
  if (!known) return navigator.mediaSession.setPositionState();
  const position = Math.min(duration, Math.max(0, currentTime));
  navigator.mediaSession.setPositionState({ duration, playbackRate, position });
}

/** A browser may not know every action. */
function setHandler(action: Action, handler: MediaSessionActionHandler | null): void {
  try {
    navigator.mediaSession.setActionHandler(action, handler);
  } catch (error) {
    console.debug('sfumato: no media key', action, error);
  }
}
