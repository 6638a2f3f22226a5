export type SpeedFacts = {
  rate: number;
  /** Does the person hear it: neither muted nor turned down to nothing? */
  audible: boolean;
  hasSound: boolean;
  /** How it comes now; null while nothing does. */
  via: 'webrtc' | 'hls' | 'nativeHls' | null;
  /** Did it leave WebRTC for its speed? */
  leftForSpeed: boolean;
  /** Can it come by HLS here, where the browser keeps the sound's pitch? */
  hlsCanBe: boolean;
};

/**
 * Whether a speed needs another way. Over WebRTC sound is sent at 1 only: who hears it goes over to HLS meanwhile, and
 * comes back at 1. Without anybody who hears it there is nothing to win by that.
 */
export function wayForSpeed(facts: SpeedFacts): 'stay' | 'toHls' | 'back' {
  const { rate, audible, hasSound, via, leftForSpeed, hlsCanBe } = facts;
  if (rate === 1) return leftForSpeed ? 'back' : 'stay';
  const wanting = via === 'webrtc' && audible && hasSound;
  return wanting && hlsCanBe ? 'toHls' : 'stay';
}
