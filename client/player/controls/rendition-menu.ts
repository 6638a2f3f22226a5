import type { MediaTracksMixin } from 'media-tracks';
import type { Layer, PreferredLayer } from '../../../signaling/contract/index.ts';

type TracksElement = InstanceType<ReturnType<typeof MediaTracksMixin<typeof HTMLVideoElement>>>;

type Offer = {
  layers: readonly (Pick<Layer, 'width' | 'height' | 'bitrate'> & Partial<Layer>)[];
  hasAudio: boolean;
};

/** The rendition that stands for the sound alone: one without a size. */
export const AUDIO_ONLY = 'audioOnly';

/**
 * Shows a Channel's Layers as the media element's `videoRenditions`
 * (https://github.com/video-dev/media-ui-extensions), which media-chrome's quality menu reads and sets.
 */
export class RenditionMenu {
  readonly #element: TracksElement;
  #shown = '';

  constructor(element: TracksElement, choose: (layer: PreferredLayer) => void) {
    this.#element = element;
    element.videoRenditions.addEventListener('change', () => {
      const selected = [...element.videoRenditions].find((rendition) => rendition.selected);
      choose(preferenceOf(selected?.id));
    });
  }

  /** @param preferred what is chosen at present, which outlives a change of the Channel */
  show({ layers, hasAudio }: Offer, preferred: PreferredLayer) {
    const key = JSON.stringify([layers, hasAudio]);
    if (key === this.#shown) return;
    this.#shown = key;
    const [before] = this.#element.videoTracks;
    if (before !== undefined) this.#element.removeVideoTrack(before);
    if (layers.length === 0) return;
    const track = this.#element.addVideoTrack('main');
    track.selected = true;
    layers.forEach(({ width, height, bitrate, framesPerSecond }, index) => {
      const rendition = track.addRendition('', width, height, undefined, bitrate, framesPerSecond);
      rendition.id = String(index);
    });
    if (hasAudio) track.addRendition('', 0, 0).id = AUDIO_ONLY;
    const chosen = this.#element.videoRenditions.getRenditionById(String(preferred));
    if (chosen !== null) chosen.selected = true;
  }
}

/** What a rendition's id asks for. */
export function preferenceOf(id: string | undefined): PreferredLayer {
  if (id === undefined) return 'auto';
  return id === AUDIO_ONLY ? AUDIO_ONLY : Number(id);
}
