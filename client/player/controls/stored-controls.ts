/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import 'media-chrome/dist/media-time-display.js';
import 'media-chrome/dist/media-time-range.js';
import 'media-chrome/dist/menu/media-captions-menu-button.js';
import 'media-chrome/dist/menu/media-captions-menu.js';
import 'media-chrome/dist/menu/media-playback-rate-menu-button.js';
import 'media-chrome/dist/menu/media-playback-rate-menu.js';
import './sfumato-waveform.ts';
import { html, nothing } from 'lit';
import type { Asset } from '../../../signaling/contract/index.ts';
import { accessHeaders, withToken } from '../access/pass.ts';
import { frameBackIcon, frameOnIcon, speedIcon } from './icons.ts';
import { stillOf } from '../stored/rungs.ts';
import type { SfumatoVideo } from '../sfumato-video.ts';
import { progressWords } from '../stored/stored-condition.ts';
import { waveformSchema } from './waveform.ts';

export { toggleCaptions } from '../captions/captions.ts';
export { storedStyles } from './stored-styles.ts';

/** What the player's parts for something stored are drawn from. */
export type StoredView = {
  media: SfumatoVideo | null;
  asset: Asset | null;
  /** Where the Asset's files are, ending with a slash. */
  filesUrl: string;
  peaks: readonly number[] | null;
};

const COVER_PIXELS = 640;

/** The seek bar: of a sound its waveform, of a film the time with pictures and chapters. */
export function seekBar({ asset, media, peaks }: StoredView) {
  if (asset?.kind === 'audio' && peaks !== null) {
    return html`<sfumato-waveform .media=${media} .peaks=${peaks}></sfumato-waveform>`;
  }
  return html`
    <media-time-range class=${media?.via === 'webrtc' ? 'streams' : ''}
      @pointerdown=${(event: PointerEvent) => holdBar(media, event)}
      @keydown=${({ repeat }: KeyboardEvent) => repeat && hold(media)}
      @keyup=${() => letGo(media)} @focusout=${() => letGo(media)}></media-time-range>
  `;
}

/** Until it is let go, wherever that is. */
function holdBar(media: SfumatoVideo | null, { button }: PointerEvent): void {
  if (button !== 0) return;
  hold(media);
  const end = new AbortController();
  const released = () => {
    end.abort();
    letGo(media);
  };
  for (const type of ['pointerup', 'pointercancel', 'blur'] as const)
    window.addEventListener(type, released, { signal: end.signal });
}

function hold(media: SfumatoVideo | null): void {
  if (media !== null && !media.scrubbing) media.scrubbing = true;
}

function letGo(media: SfumatoVideo | null): void {
  if (media?.scrubbing === true) media.scrubbing = false;
}

/** The menus that only something stored has: to be placed before the control bar. */
export function storedMenus({ asset }: StoredView) {
  return html`
    ${
      hasCaptions(asset)
        ? html`<media-captions-menu id="captions" hidden anchor="auto"><span slot="header" hidden></span></media-captions-menu>`
        : nothing
    }
    <media-playback-rate-menu id="rate" hidden anchor="auto" rates="0.25 0.5 0.75 1 1.25 1.5 1.75 2">
      <span slot="header" hidden></span>
    </media-playback-rate-menu>
  `;
}

/** The time; of a film that stands still, with a picture back and on beside it. */
export function timeDisplay({ asset, media }: StoredView) {
  const stepping = asset?.kind === 'video' && media?.paused === true && media.via !== null;
  return html`
    <media-time-display showduration notoggle></media-time-display>
    ${stepping ? html`${stepButton(media, -1)}${stepButton(media, 1)}` : nothing}
  `;
}

function stepButton(media: SfumatoVideo, frames: 1 | -1) {
  const words = frames > 0 ? 'One picture on' : 'One picture back';
  return html`
    <button class="tool roomy step" aria-label=${words} title=${words}
      @click=${() => media.step(frames)}>${frames > 0 ? frameOnIcon : frameBackIcon}</button>
  `;
}

export function storedButtons({ asset }: StoredView) {
  return html`
    ${
      hasCaptions(asset)
        ? html`<media-captions-menu-button invoketarget="captions"></media-captions-menu-button>`
        : nothing
    }
    <media-playback-rate-menu-button invoketarget="rate">
      <span slot="icon" class="icon">${speedIcon}</span>
    </media-playback-rate-menu-button>
  `;
}

/** What there is to see of a sound: its cover, on a blurred one; without one, the room's own colours. */
export function soundPicture({ asset, filesUrl }: StoredView) {
  if (asset?.kind !== 'audio') return nothing;
  const cover = stillOf(asset, COVER_PIXELS);
  const url = cover === undefined ? null : withToken(filesUrl + cover.name);
  return html`
    <div slot="centered-chrome" noautohide class="sound">
      ${
        url === null
          ? nothing
          : html`<img class="blurred" src=${url} alt="" /><img class="cover" src=${url} alt="" />`
      }
    </div>
  `;
}

export function progressBar(asset: Asset | null) {
  if (asset === null) return nothing;
  const words = progressWords(asset);
  const { fraction } = asset.progress ?? {};
  return html`
    <div class="progress">
      <progress max="1" value=${fraction ?? nothing} aria-label="How far it is"></progress>
      <span>${words}</span>
    </div>
  `;
}

/** Says quietly that there is more to see; whoever wants it takes it. */
export function betterNotice({ media }: StoredView, hide: () => void) {
  if (media === null || !media.betterIsReady || media.condition !== 'playing') return nothing;
  const take = () => {
    media.takeBetter();
    hide();
  };
  return html`
    <button slot="top-chrome" class="notice" @click=${take}>A better picture is ready</button>
  `;
}

/** @throws when it cannot be had */
export async function fetchPeaks(asset: Asset, filesUrl: string): Promise<readonly number[]> {
  const file = asset.files.find(({ role }) => role === 'waveform');
  if (file === undefined) return [];
  const url = filesUrl + file.name;
  const response = await fetch(url, { headers: accessHeaders(url) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return waveformSchema.parse(await response.json()).peaks;
}

function hasCaptions(asset: Asset | null): boolean {
  return asset?.files.some(({ role }) => role === 'captions') ?? false;
}
