/** Several sounds as one track, since a Channel has one: the microphone and what the screen plays. */
export class SoundMix {
  readonly #context = new AudioContext({ latencyHint: 'interactive' });
  readonly #sources: MediaStreamAudioSourceNode[];
  readonly track: MediaStreamTrack;

  constructor(tracks: readonly MediaStreamTrack[]) {
    const destination = this.#context.createMediaStreamDestination();
    this.#sources = tracks.map((track) => {
      const source = this.#context.createMediaStreamSource(new MediaStream([track]));
      source.connect(destination);
      return source;
    });
    const [track] = destination.stream.getAudioTracks();
    if (track === undefined) throw new Error('the browser mixed nothing');
    this.track = track;
  }

  /** A context that was made without a gesture, or interrupted by a call, runs again. */
  async resume(): Promise<void> {
    await this.#context.resume();
  }

  close(): void {
    for (const source of this.#sources) source.disconnect();
    this.track.stop();
    this.#context.close().catch((error: unknown) => console.debug('sfumato: sound', error));
  }
}
