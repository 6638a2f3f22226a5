import type { WatchRefusal } from '../../../signaling/contract/index.ts';
import type { Condition } from '../live/condition.ts';
import { TimedVideo } from '../stored/timed-video.ts';
import { Access } from './access.ts';

/** `refusal`: where the condition is `denied`, why it may not be watched. */
export type ConditionChange = CustomEvent<{
  condition: Condition;
  sentence: string;
  refusal: WatchRefusal | null;
}>;

/** A media element that may need a right to show what it shows, and says so where that is missing. */
export abstract class GuardedVideo extends TimedVideo {
  /** Its right to show what it shows. */
  readonly access = new Access({
    changed: () => this.accessChanged(),
    expiring: (secondsLeft) => {
      this.dispatchEvent(new CustomEvent('tokenexpiring', { detail: { secondsLeft } }));
    },
    askAgain: () => this.askAgain(),
  });

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'token'];
  }

  /** What proves the right to watch (a playback token); another one takes its place while it plays. */
  get token(): string | null {
    return this.access.token;
  }
  set token(token: string | null) {
    this.access.token = token;
  }
  /** Why it may not be watched; null as long as nobody said so. */
  get refusal(): WatchRefusal | null {
    return this.access.denial?.refusal ?? null;
  }
  override get currentSrc(): string {
    return this.src ? new URL(this.src, document.baseURI).href : '';
  }

  /** The right to what `src` names is what counts from now on. */
  protected openAccess(): void {
    // Of a bare id it is the page with a player that has an address.
    const path = /^[\w-]+$/.test(this.src) ? `/watch/${this.src}` : this.src;
    this.access.open(URL.parse(path, document.baseURI), this.getAttribute('token'));
  }

  /** It is refused, for another reason, or not any more. */
  protected abstract accessChanged(): void;
  /** What was refused is to be asked for once more. */
  protected abstract askAgain(): void;
}
