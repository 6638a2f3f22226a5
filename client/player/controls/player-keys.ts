import { actionOfKey, nextRate, type PlayerAction, seekTarget } from './keyboard.ts';
import type { SfumatoVideo } from '../sfumato-video.ts';

const VOLUME_STEP = 0.1;

export type KeyedPlayer = {
  player: HTMLElement & {
    readonly media: SfumatoVideo | null;
    readonly renderRoot: ParentNode;
  };
  isStored(): boolean;
  togglePlay(): void;
  togglePanel(panel: 'figures' | 'help' | null): void;
  toggleCaptions(): void;
  /** Resolves when there are controls. */
  controls(): Promise<void>;
};

/** Does what keys say in a player. */
export class PlayerKeys {
  readonly #keyed: KeyedPlayer;

  constructor(keyed: KeyedPlayer) {
    this.#keyed = keyed;
  }

  handle(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    const stored = this.#keyed.isStored();
    const action = actionOfKey({
      key: event.key,
      modified: event.ctrlKey || event.metaKey || event.altKey,
      typing: target instanceof HTMLElement && (target.isContentEditable || isTextField(target)),
      onControl: target instanceof HTMLElement && this.#usesKeys(target, stored),
      stored,
    });
    if (action === null || event.defaultPrevented) return;
    event.preventDefault();
    this.#act(action, event.key);
  }

  #usesKeys(target: HTMLElement, stored: boolean): boolean | 'button' {
    if (target === this.#keyed.player || target === document.body) return false;
    return stored && /(?:^|-)button$/.test(target.localName) ? 'button' : true;
  }

  #act(action: PlayerAction, key: string): void {
    const { media } = this.#keyed.player;
    if (media === null) return;
    const seconds = seekTarget(action, key, media);
    if (seconds !== null) media.currentTime = seconds;
    else this.#actions(media)[action]?.();
  }

  #actions(media: SfumatoVideo): Partial<Record<PlayerAction, () => void>> {
    const { togglePlay, togglePanel, toggleCaptions } = this.#keyed;
    return {
      togglePlay,
      toggleCaptions,
      toggleMute: () => (media.muted = !media.muted),
      toggleFullscreen: () => void this.#press('media-fullscreen-button'),
      togglePictureInPicture: () => void this.#press('media-pip-button'),
      toggleStatistics: () => togglePanel('figures'),
      toggleHelp: () => togglePanel('help'),
      volumeUp: () => turnVolume(media, VOLUME_STEP),
      volumeDown: () => turnVolume(media, -VOLUME_STEP),
      close: () => togglePanel(null),
      slower: () => (media.playbackRate = nextRate(media.playbackRate, -1)),
      faster: () => (media.playbackRate = nextRate(media.playbackRate, 1)),
      frameBack: () => stepPaused(media, -1),
      frameForward: () => stepPaused(media, 1),
    };
  }

  async #press(button: 'media-fullscreen-button' | 'media-pip-button'): Promise<void> {
    await this.#keyed.controls();
    this.#keyed.player.renderRoot.querySelector<HTMLElement>(button)?.click();
  }
}

function stepPaused(media: SfumatoVideo, frames: number): void {
  if (media.paused) media.step(frames);
}

function turnVolume(media: SfumatoVideo, step: number): void {
  media.volume = Math.min(1, Math.max(0, media.volume + step));
  if (step > 0) media.muted = false;
}

function isTextField(element: HTMLElement): boolean {
  const { localName } = element;
  if (element instanceof HTMLInputElement && element.type === 'range') return false;
  return localName === 'input' || localName === 'textarea' || localName === 'select';
}
