import type { MediaTracksMixin } from 'media-tracks';
import type { Layer, PreferredLayer } from '../../signaling/contract/index.ts';

type TracksElement = InstanceType<ReturnType<typeof MediaTracksMixin<typeof HTMLVideoElement>>>;

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
      const { selectedIndex } = element.videoRenditions;
      choose(selectedIndex < 0 ? 'auto' : selectedIndex);
    });
  }

  show(layers: readonly Layer[]): void {
    const key = JSON.stringify(layers);
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
  }
}
