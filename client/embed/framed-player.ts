import { FRAME_MAY } from '../../signaling/contract/index.ts';
import { SfumatoEmbed } from '../embed-sdk/index.ts';
import { frameAddress } from './frame-address.ts';

const PASSED_ON = [
  ...(['play', 'pause', 'ended', 'seeked', 'timeupdate', 'volumechange', 'ratechange'] as const),
  ...(['conditionchange', 'qualitychange', 'error', 'tokenexpiring'] as const),
] as const;

/** `<sfumato-player>` as a frame: what it knows of the player is what that has told last. */
class FramedPlayer extends HTMLElement {
  static readonly observedAttributes = ['src', 'token'];
  #embed: SfumatoEmbed | null = null;
  #paused = true;
  #seconds = 0;
  #duration = Number.NaN;

  /** For what this element has no word for. */
  get embed(): SfumatoEmbed | null {
    return this.#embed;
  }
  get paused(): boolean {
    return this.#paused;
  }
  /** Seconds. */
  get duration(): number {
    return this.#duration;
  }
  /** Seconds. */
  get currentTime(): number {
    return this.#seconds;
  }
  set currentTime(seconds: number) {
    this.#embed?.seek(seconds);
  }

  get token(): string | null {
    return this.getAttribute('token');
  }
  /** In the place of the last one; nothing stops for it. */
  set token(token: string | null) {
    if (token === null) this.removeAttribute('token');
    else this.setAttribute('token', token);
  }

  async play(): Promise<void> {
    await this.#embed?.ready;
    this.#embed?.play();
  }

  pause(): void {
    this.#embed?.pause();
  }

  connectedCallback(): void {
    this.#open();
  }

  disconnectedCallback(): void {
    this.#close();
  }

  attributeChangedCallback(name: string, _before: string | null, after: string | null): void {
    if (!this.isConnected) return;
    if (name === 'src' || this.#embed === null) this.#open();
    else if (after !== null) this.#embed.setToken(after);
  }

  #open(): void {
    this.#close();
    const address = frameAddress(
      [...this.attributes].map(({ name, value }) => [name, value]),
      document.baseURI,
    );
    if (address === null) return;
    const frame = document.createElement('iframe');
    frame.src = address;
    frame.allow = FRAME_MAY;
    frame.allowFullscreen = true;
    frame.referrerPolicy = 'strict-origin-when-cross-origin';
    frame.title = this.getAttribute('aria-label') ?? 'Video';
    frame.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;border:0';
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = ':host{display:block;position:relative;aspect-ratio:16/9}';
    root.replaceChildren(style, frame);
    this.#listen(new SfumatoEmbed(frame));
  }

  #listen(embed: SfumatoEmbed): void {
    this.#embed = embed;
    // It may have begun before anybody listened.
    embed.ready
      .then(() => embed.isPaused())
      .then((paused) => (this.#paused = paused))
      .catch((error: unknown) => console.warn('sfumato:', error));
    embed.on('play', () => (this.#paused = false));
    embed.on('pause', () => (this.#paused = true));
    embed.on('timeupdate', ({ seconds, duration }) => {
      this.#seconds = seconds;
      this.#duration = duration;
    });
    for (const type of PASSED_ON) {
      embed.on(type, (detail) => this.dispatchEvent(new CustomEvent(type, { detail })));
    }
  }

  #close(): void {
    this.#embed?.close();
    this.#embed = null;
    this.#paused = true;
    this.shadowRoot?.replaceChildren();
  }
}

export function defineFramedPlayer(): void {
  customElements.define('sfumato-player', FramedPlayer);
}
