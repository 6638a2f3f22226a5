import { css, html, LitElement, type PropertyValues } from 'lit';
import type { SfumatoVideo } from '../sfumato-video.ts';
import { clockWords, spokenTime } from './time-words.ts';
import { barsOf, sliderTarget, waveformPath } from './waveform.ts';

const BAR_PIXELS = 4;

/** The seek bar of a sound: its waveform. Pointer, keyboard and screen readers use it as a slider. */
export class SfumatoWaveform extends LitElement {
  static override properties = {
    peaks: { attribute: false },
    media: { attribute: false },
    bars: { state: true },
    hover: { state: true },
  };

  declare peaks: readonly number[];
  declare media: SfumatoVideo | null;
  declare bars: number;
  /** Where the pointer is, 0 to 1. */
  declare hover: number | null;

  #listening = new AbortController();
  readonly #size = new ResizeObserver(() => {
    this.bars = Math.max(20, Math.floor(this.clientWidth / BAR_PIXELS));
  });

  constructor() {
    super();
    this.peaks = [];
    this.media = null;
    this.bars = 200;
    this.hover = null;
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('pointerdown', (event) => this.#press(event));
    this.addEventListener('pointermove', (event) => this.#move(event));
    this.addEventListener('pointerleave', () => (this.hover = null));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'slider');
    this.setAttribute('aria-label', 'Position');
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#size.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('media')) return;
    this.#listening.abort();
    this.#listening = new AbortController();
    for (const type of ['timeupdate', 'seeking', 'durationchange', 'emptied'] as const) {
      const { signal } = this.#listening;
      this.media?.addEventListener(type, () => this.requestUpdate(), { signal });
    }
  }

  override updated(): void {
    const { now, duration } = this.#time();
    this.setAttribute('aria-valuemin', '0');
    this.setAttribute('aria-valuemax', String(Math.round(duration)));
    this.setAttribute('aria-valuenow', String(Math.round(now)));
    this.setAttribute('aria-valuetext', `${spokenTime(now)} of ${spokenTime(duration)}`);
  }

  override render() {
    const { now, duration } = this.#time();
    const bars = barsOf(this.peaks, this.bars);
    const path = waveformPath(bars);
    const played = duration > 0 ? (now / duration) * 100 : 0;
    return html`
      <svg viewBox="0 0 ${bars.length * 10} 100" preserveAspectRatio="none" aria-hidden="true">
        <path d=${path} />
      </svg>
      <svg class="played" viewBox="0 0 ${bars.length * 10} 100" preserveAspectRatio="none"
        aria-hidden="true" style="clip-path: inset(0 ${100 - played}% 0 0)">
        <path d=${path} />
      </svg>
      <span class="needle" style="inset-inline-start: ${played}%"></span>
      ${
        this.hover === null
          ? ''
          : html`<span class="time" style="inset-inline-start: ${this.hover * 100}%">${clockWords(this.hover * duration)}</span>`
      }
    `;
  }

  #time(): { now: number; duration: number } {
    const { duration = 0, currentTime = 0 } = this.media ?? {};
    return { now: currentTime, duration: Number.isFinite(duration) ? duration : 0 };
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { now, duration } = this.#time();
    const target = sliderTarget(event.key, now, duration);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#seek(target);
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.setPointerCapture(event.pointerId);
    this.#seek(this.#place(event) * this.#time().duration);
  }

  #move(event: PointerEvent): void {
    this.hover = this.#place(event);
    if (this.hasPointerCapture(event.pointerId)) this.#seek(this.hover * this.#time().duration);
  }

  #place({ clientX }: PointerEvent): number {
    const { left, width } = this.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
  }

  #seek(seconds: number): void {
    if (this.media !== null) this.media.currentTime = seconds;
    this.requestUpdate();
  }

  static override styles = css`
    :host {
      display: block;
      position: relative;
      height: clamp(44px, 14cqi, 108px);
      cursor: pointer;
      touch-action: none;
      outline-offset: 2px;
      border-radius: 6px;
    }
    :host(:focus-visible) {
      outline: 2px solid var(--ochre, #e3b461);
    }
    svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    path {
      fill: none;
      stroke: rgb(246 238 224 / 0.42);
      stroke-width: 6;
      stroke-linecap: butt;
    }
    .played path {
      stroke: var(--ochre, #e3b461);
    }
    .needle {
      position: absolute;
      inset-block: 0;
      width: 2px;
      margin-inline-start: -1px;
      background: #f6eee0;
    }
    .time {
      position: absolute;
      inset-block-end: calc(100% + 6px);
      transform: translateX(-50%);
      padding: 1px 8px;
      border-radius: 8px;
      background: rgb(24 18 13 / 0.94);
      color: #f6eee0;
      font-size: 13px;
      font-variant-numeric: tabular-nums;
      pointer-events: none;
    }
    @media (forced-colors: active) {
      .played path {
        stroke: Highlight;
      }
    }
  `;
}

if (!customElements.get('sfumato-waveform')) {
  customElements.define('sfumato-waveform', SfumatoWaveform);
}

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-waveform': SfumatoWaveform;
  }
}
