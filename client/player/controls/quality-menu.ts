import { MediaRenditionMenu } from 'media-chrome/dist/menu/media-rendition-menu.js';
import { AUDIO_ONLY } from './rendition-menu.ts';

/** What makes media-chrome draw all items anew: the Layers on offer, the chosen one, the size of the picture. */
const DRAWN = new Set([
  'mediarenditionlist',
  'mediarenditionselected',
  'mediaheight',
  'mediawidth',
]);

/** media-chrome's quality menu, with a name for the sound alone, and dependable for whoever has no mouse. */
class QualityMenu extends MediaRenditionMenu {
  /** Attributes that changed while it was open, with their values before. */
  readonly #held = new Map<string, string | null>();

  static override formatRendition(
    rendition: Parameters<typeof MediaRenditionMenu.formatRendition>[0],
    options?: Parameters<typeof MediaRenditionMenu.formatRendition>[1],
  ): string {
    if (rendition.id !== AUDIO_ONLY) return super.formatRendition(rendition, options);
    return super.formatMenuItemText('Sound only', rendition);
  }

  /**
   * An item that is drawn anew has lost the focus, and with it the menu closes: at every change of the Layer. So an
   * open menu stays as it is.
   */
  override attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (!this.hidden && DRAWN.has(name)) {
      if (!this.#held.has(name)) this.#held.set(name, before);
      return;
    }
    super.attributeChangedCallback(name, before, after);
    if (name !== 'hidden') return;
    if (this.hidden) this.#catchUp();
    else this.focus();
  }

  /**
   * Takes the focus once, at the opening. media-chrome gives it when the opening's animation has ended, which comes
   * too late for a quick key, and not at all where the animation is cut short.
   */
  override focus(): void {
    if (!this.hidden && !this.matches(':focus-within')) super.focus();
  }

  #catchUp(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const [name, before] of held) {
      super.attributeChangedCallback(name, before, this.getAttribute(name));
    }
  }
}

if (!customElements.get('sfumato-quality-menu')) {
  customElements.define('sfumato-quality-menu', QualityMenu);
}
