export type PlayOutcome = 'playing' | 'playingMuted' | 'blocked';

/** The two things that starting needs of a media element. */
export type Startable = { muted: boolean; play(): Promise<void> };

/**
 * Starts with sound where the browser's autoplay policy allows it, else without, else not at all: each
 * tried once, never in a loop (https://developer.chrome.com/blog/autoplay). Where even the muted try is
 * refused (iOS in its low power mode), the sound is left as it was for the press that follows.
 *
 * @throws whatever `play()` throws that is not a refusal, such as `AbortError` when another source came
 */
export async function startPlaying(element: Startable): Promise<PlayOutcome> {
  const wasMuted = element.muted;
  if (await tryToPlay(element)) return 'playing';
  if (wasMuted) return 'blocked';
  element.muted = true;
  if (await tryToPlay(element)) return 'playingMuted';
  element.muted = false;
  return 'blocked';
}

async function tryToPlay(element: Startable): Promise<boolean> {
  try {
    await element.play();
    return true;
  } catch (error) {
    if (Reflect.get(Object(error), 'name') === 'NotAllowedError') return false;
    throw error;
  }
}
