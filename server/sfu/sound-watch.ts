import type { types } from 'mediasoup';
import type { Broadcast } from './broadcast.ts';

const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
/**
 * Decibels below the loudest (RFC 6464), where -127 is nothing at all. mediasoup goes by the mean of an
 * interval's packets: a short sound among silent ones is near the lower end.
 */
const SILENCE_DBOV = -115;
const INTERVAL_MS = 1_000;

/** Hears from the Worker whether there is anything to be heard in a Broadcast. */
export class SoundWatch {
  #observer: types.AudioLevelObserver | undefined;
  #producer: types.Producer | undefined;
  #heard = false;

  /** Listens to the sound that there is now, if its sender says how loud it is. */
  async follow(broadcast: Broadcast): Promise<void> {
    const producer = broadcast.producers.find(({ kind }) => kind === 'audio');
    if (producer === this.#producer) return;
    this.close();
    this.#producer = producer;
    if (producer === undefined || !saysHowLoud(producer)) return;
    const observer = await broadcast.origin.router.createAudioLevelObserver({
      threshold: SILENCE_DBOV,
      interval: INTERVAL_MS,
    });
    // The sound, or all of it, may have gone meanwhile.
    if (this.#producer !== producer || producer.closed) return observer.close();
    this.#observer = observer;
    observer.on('volumes', () => {
      this.#heard = true;
    });
    await observer.addProducer({ producerId: producer.id });
  }

  /** Was anything heard since this was asked last? Nothing where the sender does not say how loud it is. */
  heard(): boolean | undefined {
    if (this.#observer === undefined) return undefined;
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  /** Idempotent. */
  close(): void {
    this.#observer?.close();
    this.#observer = undefined;
    this.#producer = undefined;
    this.#heard = false;
  }
}

function saysHowLoud({ rtpParameters }: types.Producer): boolean {
  return rtpParameters.headerExtensions?.some(({ uri }) => uri === AUDIO_LEVEL) ?? false;
}
