import { html, LitElement, nothing } from 'lit';
import type { Access } from './access.ts';
import { accessStyles } from './access-styles.ts';
import type { Thing } from './pass.ts';
import { countdownWords, dayAndTime, mayTryAgain, refusalWords } from './refusal-words.ts';

const TICK_MS = 1_000;

/** In the picture's place: why it may not be watched, and what can be done. Fires `unlocked` after the right password. */
export class SfumatoAccess extends LitElement {
  static override styles = accessStyles;
  static override properties = {
    access: { attribute: false },
    denial: { attribute: false },
    problem: { state: true },
    busy: { state: true },
    told: { state: true },
  };

  declare access: Access;
  /** As `access` has it; a property of its own so that another one is drawn. */
  declare denial: Access['denial'];
  declare problem: string;
  declare busy: boolean;
  /** What a screen reader is told: a change of what is there is read, what was there from the beginning is not. */
  declare told: string;
  #tick: ReturnType<typeof setInterval> | undefined;
  readonly #focused = () => this.#cameBack();

  constructor() {
    super();
    this.denial = null;
    this.problem = '';
    this.busy = false;
    this.told = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), TICK_MS);
    window.addEventListener('focus', this.#focused);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
    window.removeEventListener('focus', this.#focused);
  }

  override updated(): void {
    const { title, words } = this.#words;
    requestAnimationFrame(() => (this.told = `${title}. ${words}`));
  }

  override render() {
    const { title, words } = this.#words;
    return html`
      <section aria-label="Why there is no picture" @keydown=${(event: Event) => event.stopPropagation()}>
        <p class="hidden" role="status">${this.told}</p>
        <h2>${title}</h2>
        <p class="words">${words}</p>
        ${this.#when()}
        ${this.access.takesPassword ? this.#form() : this.#ways()}
      </section>
    `;
  }

  get #words() {
    const { refusal = 'refused', message } = this.denial ?? {};
    const said = refusalWords(refusal, this.access.takesPassword);
    // What the operator's own service says is known to nobody else.
    return refusal === 'refused' && message !== undefined ? { ...said, words: message } : said;
  }

  #when() {
    const { refusal } = this.denial ?? {};
    const { beginsAtMs, askAtMs } = this.access;
    if (refusal === 'full' && askAtMs !== null) {
      return html`<p class="when" role="timer">Again ${countdownWords(secondsTo(askAtMs))}</p>`;
    }
    if (beginsAtMs === null) return nothing;
    const seconds = secondsTo(beginsAtMs);
    return html`
      <p class="when" role="timer">It begins ${countdownWords(seconds)}</p>
      <p class="day">${dayAndTime(Date.now() + seconds * 1_000)}</p>
    `;
  }

  #form() {
    return html`
      <form @submit=${(event: SubmitEvent) => void this.#submitted(event)}>
        <label for="password">Password</label>
        <div class="line">
          <input id="password" name="password" type="password" autocomplete="current-password" required
            maxlength="256" aria-describedby="problem" aria-invalid=${this.problem !== ''} />
          <button class="strong" aria-disabled=${this.busy}>${this.busy ? 'One moment …' : 'Watch'}</button>
        </div>
        <p id="problem" class="problem" role="alert">${this.problem}</p>
      </form>
    `;
  }

  #ways() {
    const { refusal } = this.denial ?? {};
    const { thing } = this.access;
    if (refusal === undefined) return nothing;
    return html`
      <div class="ways">
        ${refusal === 'signIn' && thing !== null ? signInLink(thing) : nothing}
        ${refusal === 'site' && thing !== null ? ownPageLink(thing) : nothing}
        ${mayTryAgain(refusal, false) ? html`<button @click=${() => this.access.askAgain()}>Try again</button>` : nothing}
      </div>
    `;
  }

  /** Somebody may have signed in, in another tab. */
  #cameBack(): void {
    if (this.denial?.refusal === 'signIn') this.access.askAgain();
  }

  async #submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const input = this.renderRoot.querySelector('input');
    if (input === null || this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      await this.access.unlock(input.value);
      this.dispatchEvent(new Event('unlocked'));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      input.select();
    } finally {
      this.busy = false;
    }
  }
}

const secondsTo = (atMs: number) => Math.max(0, (atMs - performance.now()) / 1_000);

/** In a frame, or on another server's page, it is another tab: there is nobody signed in here. */
function signInLink({ origin, id }: Thing) {
  const href = `${origin}/admin?next=${encodeURIComponent(pathHere(origin) ?? `/watch/${id}`)}`;
  return isElsewhere(origin)
    ? html`<a class="strong" href=${href} target="_blank" rel="noopener">Sign in and watch there</a>`
    : html`<a class="strong" href=${href}>Sign in</a>`;
}

function ownPageLink({ origin, id }: Thing) {
  return html`<a class="strong" href="${origin}/watch/${id}" target="_blank" rel="noopener">Watch on its own page</a>`;
}

/** Where whoever has signed in comes back to; null where that is not this page. */
function pathHere(origin: string): string | null {
  return isElsewhere(origin) ? null : location.pathname + location.search;
}

function isElsewhere(origin: string): boolean {
  return window.top !== window || location.origin !== origin;
}

if (!customElements.get('sfumato-access')) customElements.define('sfumato-access', SfumatoAccess);

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-access': SfumatoAccess;
  }
}
