import HlsJs from 'hls.js';

/** What is left after the last piece is a matter of rounding, and of sound that is a little shorter. Seconds. */
const ROUNDING = 0.25;
/** No piece is so short that whoever waits here could be waiting for another one. Seconds. */
const LAST = 0.5;

/** HTMLMediaElement.HAVE_FUTURE_DATA (HTML section 4.8.11.7). */
const HAVE_FUTURE_DATA = 3;

export type WaitingVideo = {
  currentTime: number;
  duration: number;
  readyState: number;
  /** Where what is loaded ends, seconds. */
  bufferedEnd: number;
};

/** Does it wait for something after the end? */
export function waitsAtTheEnd({
  currentTime,
  duration,
  readyState,
  bufferedEnd,
}: WaitingVideo): boolean {
  const waits = readyState < HAVE_FUTURE_DATA;
  return waits && duration - bufferedEnd < ROUNDING && duration - currentTime < LAST;
}

/**
 * hls.js does not say that there is nothing more where it has loaded the last piece and none before it; the `<video>`
 * would wait in that piece for ever. Here it is said for it.
 */
export function endInTime(hls: HlsJs, video: HTMLVideoElement): () => void {
  const look = () => {
    const { currentTime, duration, readyState, buffered } = video;
    const bufferedEnd = buffered.length === 0 ? 0 : buffered.end(buffered.length - 1);
    if (!waitsAtTheEnd({ currentTime, duration, readyState, bufferedEnd })) return;
    hls.trigger(HlsJs.Events.BUFFER_EOS, { type: null });
  };
  video.addEventListener('waiting', look);
  hls.on(HlsJs.Events.FRAG_BUFFERED, look);
  return () => video.removeEventListener('waiting', look);
}
