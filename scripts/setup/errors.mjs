/** A failure that a person can do something about: the message is one paragraph that says what. */
export class SetupError extends Error {
  /** @param {string} message @param {unknown} [cause] */
  constructor(message, cause) {
    super(message, { cause });
    this.name = 'SetupError';
  }
}

/** The set-up was told to stop. Nothing is wrong: the next run goes on from here. */
export class Interrupted extends Error {
  constructor() {
    super('The set-up was interrupted.');
    this.name = 'Interrupted';
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
