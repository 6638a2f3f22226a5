/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import 'media-chrome/dist/media-controller.js';
import 'media-chrome/dist/media-control-bar.js';
import 'media-chrome/dist/media-fullscreen-button.js';
import 'media-chrome/dist/media-mute-button.js';
import 'media-chrome/dist/media-pip-button.js';
import 'media-chrome/dist/media-play-button.js';
import 'media-chrome/dist/media-volume-range.js';
import 'media-chrome/dist/menu/media-chrome-menu-item.js';
import 'media-chrome/dist/menu/media-rendition-menu-button.js';
import './quality-menu.ts';
import { html, nothing } from 'lit';
import { closeIcon, figuresIcon, helpIcon } from './icons.ts';
import { liveBadge } from './live-badge.ts';
import { figuresTable, keyboardTable } from '../figures/panel-tables.ts';
import type { PlayerStats } from '../figures/player-stats.ts';
import type { SfumatoVideo } from '../sfumato-video.ts';
import type { StoredView } from './stored-controls.ts';
import type { StoredUi } from './stored-ui.ts';
import { storeVolume } from './volume-memory.ts';

export { controlStyles } from './control-styles.ts';
export { sessionOf } from './media-session.ts';

export type Panel = 'figures' | 'help';

/** What controls are drawn from, and what they do. */
export type Controlled = {
  readonly media: SfumatoVideo | null;
  readonly paused: boolean;
  readonly panel: Panel | null;
  readonly ui: StoredUi;
  stats(): PlayerStats | null;
  goLive(): void;
  togglePanel(panel: Panel | null): void;
};

/** @param view of an Asset; null for a Channel */
export function controlBar(player: Controlled, view: StoredView | null) {
  const { parts } = player.ui;
  const soundOnly = view?.asset?.kind === 'audio';
  return html`
    <div class="haze"></div>
    ${view === null ? nothing : parts?.storedMenus(view)}
    <sfumato-quality-menu id="quality" hidden anchor="auto">
      <!-- In place of a "back" button, which a menu of one level has no use for. -->
      <span slot="header" hidden></span>
    </sfumato-quality-menu>
    ${view === null ? nothing : parts?.seekBar(view)}
    <media-control-bar>
      <media-play-button></media-play-button>
      <media-mute-button></media-mute-button>
      <media-volume-range @mediavolumerequest=${keepVolume}></media-volume-range>
      ${view === null ? badge(player) : parts?.timeDisplay(view)}
      <span class="spacer"></span>
      ${view === null ? nothing : parts?.storedButtons(view)}
      ${soundOnly ? nothing : html`<media-rendition-menu-button invoketarget="quality"></media-rendition-menu-button>`}
      ${panelButton(player, 'figures', view === null ? '' : 'roomy')}
      ${panelButton(player, 'help', 'roomy')}
      ${soundOnly ? nothing : html`<media-pip-button></media-pip-button>`}
      <media-fullscreen-button></media-fullscreen-button>
    </media-control-bar>
  `;
}

function keepVolume({ detail }: CustomEventInit<unknown>): void {
  if (typeof detail === 'number') storeVolume(detail);
}

function badge(player: Controlled) {
  const live = player.media?.channel?.live ?? false;
  const latencyMs = player.stats()?.latencyMs ?? null;
  const { state, text, title } = liveBadge({ live, paused: player.paused, latencyMs });
  return html`
    <button class="badge" data-state=${state} title=${title} aria-label=${`${text}. ${title}`}
      aria-disabled=${state === 'offAir'} @click=${() => player.goLive()}>${text}</button>
  `;
}

const PANELS = {
  figures: { label: 'Figures of this stream', title: 'Figures of this stream', icon: figuresIcon },
  help: { label: 'Keyboard help', title: 'Keyboard', icon: helpIcon },
};

function panelButton(player: Controlled, panel: Panel, extra: string) {
  const { label, icon } = PANELS[panel];
  return html`
    <button class="tool ${extra}" aria-label=${label} title=${label} aria-pressed=${player.panel === panel}
      @click=${() => player.togglePanel(panel)}>${icon}</button>
  `;
}

/** What was asked to be seen beside the picture. */
export function panelOf(player: Controlled) {
  const { panel } = player;
  if (panel === null) return nothing;
  const { title } = PANELS[panel];
  return html`
    <section slot="top-chrome" noautohide class="panel" aria-label=${title}>
      <header>
        <h2>${title}</h2>
        <button class="tool" aria-label="Close" @click=${() => player.togglePanel(null)}>
          ${closeIcon}
        </button>
      </header>
      ${panel === 'figures' ? figuresTable(player.stats()) : keyboardTable(player.ui.isStored)}
    </section>
  `;
}
