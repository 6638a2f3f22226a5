import { levelOf, smoothed } from './level.ts';

/** Listens to a track and says how loud it is. */
export class LevelMeter {
  readonly #context = new AudioContext();
  readonly #analyser = this.#context.createAnalyser();
  #source: MediaStreamAudioSourceNode | null = null;
  #track: MediaStreamTrack | null = null;
  #level = 0;
  #lookedAtMs = 0;
  readonly #samples = new Float32Array(this.#analyser.fftSize);

  listenTo(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#source?.disconnect();
    this.#source = null;
    if (track === null) return;
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }

  /** Browsers hold a context back until a gesture: then there is no level before it. */
  get running(): boolean {
    return this.#context.state === 'running';
  }

  resume(): void {
    this.#context.resume().catch((error: unknown) => console.debug('sfumato: meter', error));
  }

  /** 0 silence, 1 as loud as it can be; at this moment, falling slowly from what it was. */
  look(): number {
    const nowMs = performance.now();
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const level = this.#source === null ? 0 : levelOf(this.#samples);
    this.#level = smoothed(this.#level, level, nowMs - this.#lookedAtMs);
    this.#lookedAtMs = nowMs;
    return this.#level;
  }
}
