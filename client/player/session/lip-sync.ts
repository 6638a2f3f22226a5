import type { StatsEntry, StreamFigures } from '../figures/statistics.ts';
import {
  ANY_HOLDING,
  AT_FIRST,
  type Holding,
  type HoldingRange,
  nextHolding,
  within,
} from './keeping-together.ts';
import type { Presented } from './picture-watch.ts';

/** What sound and picture are held back by, and where the sound is. */
export interface HeldMedia {
  /** RTP timestamp of what the sound's output fetched last, and when, milliseconds since the Unix epoch. */
  soundFetched(): { rtpTimestamp: number; atMs: number } | null;
  holdBack(targets: { picture: number; sound: number }): void;
}

const CLOCK_RATES = { picture: 90_000, sound: 48_000 };
/** What is left of the packet before is heard first: so much on average, as measured in Chromium. */
const LEFT_OVER_MS = 10;
/** Few enough to notice a change within the second, many enough for a median. */
const FEWEST = 10;
/** More than this is no lag but two clocks of which one has begun anew (32 bits). */
const MOST_MS = 5_000;
/** As measured in Chromium: how much longer than the sound in its buffer the picture has to wait. */
const BEYOND_BUFFER_MS = 10;
/** What is only guessed is gone by if it is more than this. */
const WORTH_GUESSING_MS = 25;
/** What was asked for has come about by then. */
const SETTLING_MS = 700;

/**
 * Keeps sound and picture together. RTP timestamps of both count from the same moment (`SessionOutput`), so that what is
 * seen and what is heard can be compared without Sender Reports, which say it to a browser only by and by.
 */
export class LipSync {
  readonly #media: HeldMedia;
  readonly #range: HoldingRange;
  #state: Holding;
  #pictures: number[] = [];
  #sounds: number[] = [];
  #settledAtMs = 0;
  #isLoose = true;
  #playout: { delay: number; count: number } | null = null;
  #outputMs = 0;
  #freezes = 0;
  #soundBufferMs: number | null = null;
  #beyondMs = BEYOND_BUFFER_MS;

  constructor(media: HeldMedia, range = ANY_HOLDING) {
    this.#media = media;
    this.#range = range;
    this.#state = within(AT_FIRST, range);
  }

  /** A Session begins. @param pictureDelayMs so much later than its sound a picture is sent in it */
  begin(pictureDelayMs: number): void {
    this.#beyondMs = BEYOND_BUFFER_MS - pictureDelayMs;
    const pictureMs = Math.max(0, AT_FIRST.pictureMs - pictureDelayMs);
    this.#state = within({ ...AT_FIRST, pictureMs }, this.#range);
    this.#forget();
  }

  /** How much later the sound is heard than its picture is seen, milliseconds; null while that is not known. */
  get lagMs(): number | null {
    if (this.#pictures.length < FEWEST || this.#sounds.length < FEWEST) return null;
    const soundMs = medianOf(this.#sounds) + LEFT_OVER_MS + this.#outputMs;
    const lagMs = soundMs - medianOf(this.#pictures);
    return Math.abs(lagMs) < MOST_MS ? lagMs : null;
  }

  /** A picture is waited for: it is to be shown as soon as it can be. */
  loosen(): void {
    this.#isLoose = true;
    this.#forget();
    this.#media.holdBack({ picture: 0, sound: this.#state.soundMs });
  }

  /** Pictures go on from here, with their sound. */
  tighten(): void {
    this.#isLoose = false;
    // Its buffer may have grown with the gaps of many seeks, too fast to be measured in between.
    this.#state = this.#next(this.#guessedMs());
    this.#forget();
    this.#obey();
  }

  /** A picture that was presented while it goes on. */
  presented({ rtpTimestamp, atMs }: Presented): void {
    if (this.#isLoose || rtpTimestamp === undefined || performance.now() < this.#settledAtMs) {
      return;
    }
    add(this.#pictures, atMs - (rtpTimestamp * 1_000) / CLOCK_RATES.picture);
    const sound = this.#media.soundFetched();
    if (sound === null) return;
    const soundAtMs = sound.atMs - performance.timeOrigin;
    add(this.#sounds, soundAtMs - (sound.rtpTimestamp * 1_000) / CLOCK_RATES.sound);
  }

  /** Reads how long sound takes through the output (https://w3c.github.io/webrtc-stats/#playoutstats-dict*). */
  read(report: readonly StatsEntry[]): void {
    const entry = report.find(({ type }) => type === 'media-playout');
    const delay = entry?.['totalPlayoutDelay'];
    const count = entry?.['totalSamplesCount'];
    if (typeof delay !== 'number' || typeof count !== 'number') return;
    const before = this.#playout;
    this.#playout = { delay, count };
    if (before === null || count <= before.count) return;
    this.#outputMs = ((delay - before.delay) / (count - before.count)) * 1_000;
  }

  count({ freezes, audioJitterBufferMs }: StreamFigures): void {
    this.#freezes = freezes;
    this.#soundBufferMs = audioJitterBufferMs ?? this.#soundBufferMs;
    if (this.#isLoose) return;
    const before = this.#state;
    const { lagMs } = this;
    this.#learn(lagMs);
    this.#state = this.#next(lagMs ?? this.#guessedMs());
    const { pictureMs, soundMs } = this.#state;
    if (pictureMs === before.pictureMs && soundMs === before.soundMs) return;
    this.#forget();
    this.#obey();
  }

  #next(lagMs: number | null): Holding {
    const soundBufferMs = this.#soundBufferMs;
    const reading = { nowMs: performance.now(), lagMs, soundBufferMs, freezes: this.#freezes };
    return nextHolding(this.#state, reading, this.#range);
  }

  /** What is measured holds for the guesses after it, too: else they would take back what it has put right. */
  #learn(lagMs: number | null): void {
    if (lagMs === null || this.#soundBufferMs === null) return;
    this.#beyondMs = this.#state.pictureMs + lagMs - this.#soundBufferMs;
  }

  /** By how long the sound waits in its buffer, while nothing can be compared. */
  #guessedMs(): number | null {
    if (this.#soundBufferMs === null) return null;
    const lagMs = this.#soundBufferMs + this.#beyondMs - this.#state.pictureMs;
    return Math.abs(lagMs) > WORTH_GUESSING_MS ? lagMs : null;
  }

  #obey(): void {
    const { pictureMs, soundMs } = this.#state;
    this.#media.holdBack({ picture: Math.round(pictureMs), sound: Math.round(soundMs) });
  }

  #forget(): void {
    this.#pictures = [];
    this.#sounds = [];
    this.#settledAtMs = performance.now() + SETTLING_MS;
  }
}

/** Samples of about a second. */
const MOST_SAMPLES = 30;

function add(samples: number[], sample: number): void {
  samples.push(sample);
  if (samples.length > MOST_SAMPLES) samples.shift();
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
