/** Whose rights are not what they were. What is not named is not known, or is not what it is about. */
export interface RightsChange {
  /** The account was changed, or is gone. */
  accountId?: string;
  /** The login has ended. */
  loginId?: string;
  /** The API token was revoked. */
  tokenId?: string;
}

type Listener = (who: RightsChange) => void;

/** Tells whoever lets somebody do something for longer than one request. */
export class RightsChanges {
  readonly #listeners = new Set<Listener>();

  tell(who: RightsChange): void {
    for (const listener of this.#listeners) listener(who);
  }

  /** The returned function stops it. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
