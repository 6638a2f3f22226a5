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

/** What becomes of a start. */
export type Start = {
  /** Is it still what is wanted? There may have been a pause meanwhile, or another source. */
  isWanted(): boolean;
  started(muted: boolean): void;
  blocked(): void;
};

/** Starts as far as the autoplay policy goes, and tells how, if it is still wanted then. */
export async function startAsAllowed(element: Startable, start: Start): Promise<void> {
  try {
    const outcome = await startPlaying(element);
    if (!start.isWanted()) return;
    if (outcome === 'blocked') start.blocked();
    else start.started(outcome === 'playingMuted');
  } catch (error) {
    // AbortError: another source came, or a pause; each has its own way on.
    console.debug('sfumato: play', error);
  }
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
