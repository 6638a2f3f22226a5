import { activeAt, nextChange } from './active-cues.ts';
import { loadCaptionLanguage, rememberedTrack, storeCaptionLanguage } from './caption-memory.ts';
import { placeOf } from './cue-layout.ts';
import type { Timeline } from '../playback.ts';
import { cuesOf, sameCues, TrackTime } from './track-time.ts';

export type CaptionHost = HTMLElement & { readonly paused: boolean };

/** Events of the media element after which other cues may be due. */
const TIME_EVENTS = ['timeupdate', 'seeking', 'seeked', 'playing', 'pause', 'ratechange'] as const;
/** Asked again by then: the next cue's time is a guess. Milliseconds. */
const LOOK_AGAIN_MS = { least: 15, most: 250 };

/**
 * The captions over the picture, drawn here whichever way it comes: the browser would draw them by the `<video>`'s own time,
 * and below the controls. What is shown is what media-chrome's menu, or anybody, sets to `showing`.
 */
export class CaptionLayer {
  readonly #host: CaptionHost;
  readonly #video: HTMLVideoElement;
  readonly #timeline: Timeline;
  readonly #tracks: TrackTime;
  readonly #layer = document.createElement('div');
  readonly #end = new AbortController();
  #drawn: TextTrackCue[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The language that is shown, as far as was seen; null for none. */
  #language: string | null = null;

  constructor(host: CaptionHost, video: HTMLVideoElement, timeline: Timeline) {
    this.#host = host;
    this.#video = video;
    this.#timeline = timeline;
    this.#tracks = new TrackTime(timeline);
    this.#layer.className = 'captions';
    this.#layer.part.add('captions');
    video.parentNode?.append(this.#layer);
    this.#listen();
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#tracks.close();
    this.#layer.remove();
    delete this.#video.dataset['captions'];
  }

  #listen(): void {
    const { signal } = this.#end;
    const look = () => this.#look();
    for (const type of TIME_EVENTS) this.#host.addEventListener(type, look, { signal });
    this.#video.addEventListener('load', look, { signal, capture: true });
    const { textTracks } = this.#video;
    textTracks.addEventListener('addtrack', ({ track }) => this.#added(track), { signal });
    textTracks.addEventListener('removetrack', look, { signal });
    textTracks.addEventListener('change', () => this.#chosen(), { signal });
    for (const track of textTracks) this.#added(track);
    // An iPhone's full screen shows the <video> alone: there the browser draws.
    const draws = (who: 'browser' | 'us') => () => (this.#video.dataset['captions'] = who);
    this.#video.addEventListener('webkitbeginfullscreen', draws('browser'), { signal });
    this.#video.addEventListener('webkitendfullscreen', draws('us'), { signal });
    draws('us')();
  }

  get #captions(): TextTrack[] {
    const kinds = new Set(['captions', 'subtitles']);
    return [...this.#video.textTracks].filter(({ kind }) => kinds.has(kind));
  }
  get #showing(): TextTrack[] {
    return this.#captions.filter(({ mode }) => mode === 'showing');
  }

  /** As they were the last time, in whatever film that was. */
  #added(track: TextTrack | null): void {
    if (track !== null) this.#tracks.adopt(track);
    if (this.#showing.length === 0) {
      const captions = this.#captions;
      const remembered = captions[rememberedTrack(captions, loadCaptionLanguage()) ?? -1];
      if (remembered !== undefined) remembered.mode = 'showing';
    }
    this.#language = this.#showing[0]?.language ?? null;
    this.#look();
  }

  #chosen(): void {
    const language = this.#showing[0]?.language ?? null;
    if (language !== this.#language) storeCaptionLanguage(language);
    this.#language = language;
    this.#look();
  }

  #look(): void {
    this.#tracks.march();
    const cues = this.#showing.flatMap(cuesOf);
    const time = this.#timeline.currentTime;
    this.#draw(activeAt(cues, time));
    clearTimeout(this.#timer);
    const next = nextChange(cues, time);
    if (next === null || this.#host.paused) return;
    const inMs = ((next - time) / Math.max(this.#timeline.playbackRate, 0.1)) * 1_000;
    const waitMs = Math.min(LOOK_AGAIN_MS.most, Math.max(LOOK_AGAIN_MS.least, inMs));
    this.#timer = setTimeout(() => this.#look(), waitMs);
  }

  #draw(cues: TextTrackCue[]): void {
    if (sameCues(cues, this.#drawn)) return;
    this.#drawn = cues;
    const stack = document.createElement('div');
    stack.className = 'stack';
    const placed: HTMLElement[] = [];
    for (const cue of cues) {
      if (!(cue instanceof VTTCue)) continue;
      const { element, stacks } = elementOf(cue);
      if (stacks) stack.append(element);
      else placed.push(element);
    }
    this.#layer.replaceChildren(stack, ...placed);
  }
}

function elementOf(cue: VTTCue): { element: HTMLElement; stacks: boolean } {
  const { down, left, width, textAlign } = placeOf(cue);
  const element = document.createElement('p');
  element.dir = 'auto';
  Object.assign(element.style, { marginLeft: `${left}%`, width: `${width}%`, textAlign });
  if (down !== null) {
    element.dataset['from'] = down.from;
    element.style.setProperty('--away', String(down.percent));
  }
  const words = document.createElement('span');
  words.append(cue.getCueAsHTML());
  element.append(words);
  return { element, stacks: down === null };
}
