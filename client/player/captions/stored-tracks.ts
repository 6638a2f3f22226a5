import { withToken } from '../access/pass.ts';
import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';

/** How a file is a text track of its Asset; null for other files. */
export function trackOf({ role, name, label, language }: AssetFile): {
  kind: TextTrackKind;
  label: string;
  language: string;
} | null {
  if (role === 'captions') {
    return { kind: 'captions', label: label ?? languageName(language), language: language ?? '' };
  }
  if (role === 'chapters') return { kind: 'chapters', label: 'Chapters', language: language ?? '' };
  // As media-chrome looks for it.
  if (role === 'preview' && name.endsWith('.vtt')) {
    return { kind: 'metadata', label: 'thumbnails', language: '' };
  }
  return null;
}

/** Captions, chapters and the preview strip of an Asset, as `<track>` elements of its media element. */
export class StoredTracks {
  readonly #host: HTMLElement;
  readonly #video: HTMLVideoElement;
  readonly #tracks = new Map<string, HTMLTrackElement>();

  /** @param host the custom media element, which gives its `<track>` children to the `<video>` */
  constructor(host: HTMLElement, video: HTMLVideoElement) {
    this.#host = host;
    this.#video = video;
  }

  /** Adds those that were made since. @param filesUrl where its files are */
  show({ files }: Asset, filesUrl: string): void {
    for (const file of files) {
      if (this.#tracks.has(file.name)) continue;
      const description = trackOf(file);
      if (description === null) continue;
      const track = document.createElement('track');
      track.kind = description.kind;
      track.label = description.label;
      track.srclang = description.language;
      // Chapters and thumbnails are loaded at once; captions when they are chosen.
      track.default = description.kind !== 'captions';
      track.src = withToken(filesUrl + file.name);
      this.#tracks.set(file.name, track);
      this.#host.append(track);
    }
  }

  close(): void {
    for (const track of this.#tracks.values()) track.remove();
    this.#tracks.clear();
  }

  /** media-chrome looks for chapters once: told again when they have arrived. */
  announceLoaded = (event: Event): void => {
    if (event.target instanceof HTMLTrackElement && event.target.parentElement === this.#video) {
      this.#video.textTracks.dispatchEvent(new Event('change'));
    }
  };
}

function languageName(language: string | undefined): string {
  if (language === undefined || language === 'und') return 'Captions';
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
  } catch (error) {
    console.debug('sfumato: no language', language, error);
    return language;
  }
}
