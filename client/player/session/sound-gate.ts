/**
 * Lets the sound through, or not: by its track, so that `muted` and `volume` of the `<video>` stay the person's own. What
 * a track holds back is gone, not late.
 */
export class SoundGate {
  #track: MediaStreamTrack | null = null;
  #open = false;

  get isOpen(): boolean {
    return this.#open;
  }

  adopt(tracks: readonly MediaStreamTrack[]): void {
    this.#track = tracks.find(({ kind }) => kind === 'audio') ?? null;
    this.#obey();
  }

  set(open: boolean): void {
    this.#open = open;
    this.#obey();
  }

  #obey(): void {
    if (this.#track !== null && this.#track.enabled !== this.#open) {
      this.#track.enabled = this.#open;
    }
  }
}
