import { MediaRenditionMenu } from 'media-chrome/dist/menu/media-rendition-menu.js';
import { AUDIO_ONLY } from './rendition-menu.ts';

/** media-chrome's quality menu, with a name for the sound alone. */
class QualityMenu extends MediaRenditionMenu {
  static override formatRendition(
    rendition: Parameters<typeof MediaRenditionMenu.formatRendition>[0],
    options?: Parameters<typeof MediaRenditionMenu.formatRendition>[1],
  ): string {
    if (rendition.id !== AUDIO_ONLY) return super.formatRendition(rendition, options);
    return super.formatMenuItemText('Sound only', rendition);
  }
}

if (!customElements.get('sfumato-quality-menu')) {
  customElements.define('sfumato-quality-menu', QualityMenu);
}
