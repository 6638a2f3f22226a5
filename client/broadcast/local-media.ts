import { TypedEvents } from '../../signaling/client/index.ts';
import type { TrackSource } from '../../signaling/contract/index.ts';
import { type DeviceKind, type DeviceProblem, explainFailure } from './device-problem.ts';
import { SoundMix } from './sound-mix.ts';
import {
  cameraConstraints,
  contentHint,
  type DeviceEntry,
  deviceEntries,
  firstWishes,
  microphoneConstraints,
  NO_MICROPHONE,
  replacementFor,
  screenConstraints,
  type Wishes,
} from './wishes.ts';

/** What is to be sent of a kind. */
export type Outgoing = { track: MediaStreamTrack; source: TrackSource };

export type LocalMediaEvents = { changed: undefined };

/** Camera, screen and microphone: what was asked for, what is there of it, and why the rest is not. */
export class LocalMedia {
  readonly #events = new TypedEvents<LocalMediaEvents>();
  #wishes = firstWishes;
  #cameras: DeviceEntry[] = [];
  #microphones: DeviceEntry[] = [];
  readonly #problems = new Map<DeviceKind, DeviceProblem>();
  #picture: Outgoing | null = null;
  #microphone: MediaStreamTrack | null = null;
  #screenSound: MediaStreamTrack | null = null;
  #mix: SoundMix | null = null;
  #muted = false;
  #hidden = false;
  /** One change of devices at a time. */
  #work: Promise<void> = Promise.resolve();

  constructor() {
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#devicesChanged());
  }

  get wishes(): Wishes {
    return this.#wishes;
  }
  get cameras(): readonly DeviceEntry[] {
    return this.#cameras;
  }
  get microphones(): readonly DeviceEntry[] {
    return this.#microphones;
  }
  get problems(): ReadonlyMap<DeviceKind, DeviceProblem> {
    return this.#problems;
  }
  get picture(): Outgoing | null {
    return this.#picture;
  }
  get muted(): boolean {
    return this.#muted;
  }
  get hidden(): boolean {
    return this.#hidden;
  }
  get cameraId(): string | undefined {
    return this.#picture?.source === 'camera'
      ? this.#picture.track.getSettings().deviceId
      : undefined;
  }
  get microphoneId(): string | undefined {
    return this.#microphone?.getSettings().deviceId;
  }

  /** The Channel's one sound: the microphone's, the screen's, or both as one. */
  get sound(): Outgoing | null {
    if (this.#mix !== null) return { track: this.#mix.track, source: 'microphone' };
    if (this.#microphone !== null) return { track: this.#microphone, source: 'microphone' };
    return this.#screenSound && { track: this.#screenSound, source: 'screenAudio' };
  }

  on<E extends keyof LocalMediaEvents>(event: E, listener: (data: LocalMediaEvents[E]) => void) {
    return this.#events.on(event, listener);
  }

  /** Asks for camera and microphone. What fails becomes a problem, never an error. */
  async open(): Promise<void> {
    await this.wish({});
  }

  /** Changes what is wanted and brings it about, one change after another. */
  wish(changed: Partial<Wishes>): Promise<void> {
    const before = this.#wishes;
    this.#wishes = { ...before, ...changed };
    const soundOnly = Object.keys(changed).every((name) => name === 'microphone');
    return this.#queue(async () => {
      if (!soundOnly || this.#picture === null) await this.#openPicture();
      if ('microphone' in changed || this.#microphone === null) await this.#openMicrophone();
      await this.#listDevices();
    });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#apply();
  }

  /** A hidden picture is sent as black: the broadcast goes on. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#apply();
  }

  /** Lets go of every device. */
  close(): void {
    this.#setPicture(null);
    this.#setScreenSound(null);
    this.#setMicrophone(null);
    this.#apply();
  }

  #queue(change: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(change).then(() => this.#apply());
    return this.#work;
  }

  async #openPicture(): Promise<void> {
    const { picture } = this.#wishes;
    if (picture === 'none') return this.#showNothing();
    await (picture === 'screen' ? this.#openScreen() : this.#openCamera());
  }

  #showNothing(): void {
    this.#setPicture(null);
    this.#setScreenSound(null);
    this.#problems.delete('camera');
    this.#problems.delete('screen');
  }

  async #openCamera(): Promise<void> {
    const track = await this.#attempt('camera', async () => {
      // Phones open one camera at a time: the one before is let go first.
      if (this.#picture?.source === 'camera') this.#picture.track.stop();
      const video = cameraConstraints(this.#wishes);
      return (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks()[0];
    });
    this.#setScreenSound(null);
    this.#setPicture(track && { track, source: 'camera' });
    if (track !== null) this.#problems.delete('screen');
  }

  async #openScreen(): Promise<void> {
    if (this.#picture?.source === 'screen') return;
    const stream = await this.#attempt('screen', () =>
      navigator.mediaDevices.getDisplayMedia(screenConstraints(this.#wishes)),
    );
    const [track] = stream?.getVideoTracks() ?? [];
    if (track === undefined) return this.#goBackToCamera();
    this.#setPicture({ track, source: 'screen' });
    this.#setScreenSound(stream?.getAudioTracks()[0] ?? null);
  }

  /** Nothing was chosen, or “Stop sharing” was pressed. */
  async #goBackToCamera(): Promise<void> {
    this.#wishes = { ...this.#wishes, picture: 'camera' };
    if (this.#picture?.source !== 'camera') await this.#openCamera();
  }

  async #openMicrophone(): Promise<void> {
    if (this.#wishes.microphone === NO_MICROPHONE) {
      this.#problems.delete('microphone');
      return this.#setMicrophone(null);
    }
    const track = await this.#attempt('microphone', async () => {
      const audio = microphoneConstraints(this.#wishes);
      return (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks()[0];
    });
    this.#setMicrophone(track);
  }

  /** Runs what may fail for a person's reasons; a failure is explained and answered with null. */
  async #attempt<T>(kind: DeviceKind, open: () => Promise<T | undefined>): Promise<T | null> {
    try {
      const opened = await open();
      this.#problems.delete(kind);
      return opened ?? null;
    } catch (error) {
      console.debug(`sfumato: ${kind}`, error);
      const name = String(Reflect.get(Object(error), 'name'));
      const constraint: unknown = Reflect.get(Object(error), 'constraint');
      const failure = { kind, name, ...(typeof constraint === 'string' && { constraint }) };
      this.#problems.set(kind, explainFailure(failure));
      return null;
    }
  }

  #setPicture(picture: Outgoing | null): void {
    const before = this.#picture?.track;
    this.#picture = picture;
    if (before !== picture?.track) before?.stop();
    if (picture === null) return;
    const kind = picture.source === 'screen' ? 'screen' : 'camera';
    picture.track.contentHint = contentHint(kind, false);
    picture.track.addEventListener('ended', () => void this.#ended(kind, picture.track));
  }

  #setScreenSound(track: MediaStreamTrack | null): void {
    this.#screenSound?.stop();
    this.#screenSound = track;
    track?.addEventListener('ended', () => {
      if (this.#screenSound !== track) return;
      this.#screenSound = null;
      this.#apply();
    });
  }

  #setMicrophone(track: MediaStreamTrack | null): void {
    this.#microphone?.stop();
    this.#microphone = track;
    track?.addEventListener('ended', () => void this.#ended('microphone', track));
  }

  /** A device was pulled out, or taken away: another one takes its place. */
  #ended(kind: DeviceKind, track: MediaStreamTrack): Promise<void> {
    return this.#queue(async () => {
      const current = kind === 'microphone' ? this.#microphone : this.#picture?.track;
      if (current !== track) return;
      if (kind === 'screen') return this.#goBackToCamera();
      await this.#listDevices();
      await this.#replace(kind);
    });
  }

  async #replace(kind: 'camera' | 'microphone'): Promise<void> {
    const entries = kind === 'camera' ? this.#cameras : this.#microphones;
    const device = replacementFor(this.#wishes[kind], entries);
    if (device === null) {
      // The browser's own reason may come late; what is known already is that there is none.
      if (kind === 'camera') this.#setPicture(null);
      else this.#setMicrophone(null);
      this.#problems.set(kind, explainFailure({ kind, name: 'NotFoundError' }));
      return;
    }
    this.#wishes = { ...this.#wishes, [kind]: device };
    await (kind === 'camera' ? this.#openCamera() : this.#openMicrophone());
  }

  /** Something was plugged in or out: what was missing may be there now. */
  #devicesChanged(): Promise<void> {
    return this.#queue(async () => {
      await this.#listDevices();
      const { picture, microphone } = this.#wishes;
      const lacksCamera = picture === 'camera' && this.#picture === null;
      const lacksSound = microphone !== NO_MICROPHONE && this.#microphone === null;
      if (lacksCamera && this.#cameras.length > 0) await this.#replace('camera');
      if (lacksSound && this.#microphones.length > 0) await this.#replace('microphone');
    });
  }

  async #listDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.#cameras = deviceEntries(devices, 'videoinput', 'Camera');
    this.#microphones = deviceEntries(devices, 'audioinput', 'Microphone');
  }

  #apply(): void {
    if (this.#picture !== null) this.#picture.track.enabled = !this.#hidden;
    if (this.#microphone !== null) this.#microphone.enabled = !this.#muted;
    this.#remix();
    this.#events.emit('changed', undefined);
  }

  #mixed: readonly MediaStreamTrack[] = [];

  #remix(): void {
    const tracks = [this.#microphone, this.#screenSound].filter((track) => track !== null);
    if (tracks.length === this.#mixed.length && tracks.every((t, i) => t === this.#mixed[i]))
      return;
    this.#mixed = tracks;
    this.#mix?.close();
    this.#mix = tracks.length > 1 ? new SoundMix(tracks) : null;
    this.#mix?.resume().catch((error: unknown) => console.debug('sfumato: sound', error));
  }
}
