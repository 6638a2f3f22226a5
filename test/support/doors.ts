export const PEOPLE = ['stranger', 'channels', 'reader', 'writer', 'owner', 'admin'] as const;
export type Person = (typeof PEOPLE)[number];

/** What somebody finds behind a door: a status, or a word. */
export type Outcome = number | string;

/** Nothing is there, but for those to whom it belongs. */
export const hidden = (inside: Outcome): Outcome[] => [404, 404, 404, 404, inside, inside];
/** Changing needs a right besides. */
export const unchanged = (inside: Outcome, others: Outcome = 404): Outcome[] => [
  ...[401, 403, 403, others, inside, inside],
];
export const always = (outcome: Outcome): Outcome[] => PEOPLE.map(() => outcome);

/** Stands in a list for those to whom it belongs. */
export const LISTED: Outcome[] = [...Array<Outcome>(4).fill('not listed'), 'listed', 'listed'];
/** Strangers may not ask this way. */
export const LISTED_TO_READERS: Outcome[] = [400, 400, ...LISTED.slice(2)];

/** It is of persons: tokens are refused, whatever they may see. `admin` is one. */
export const ofPersons = (inside: Outcome): Outcome[] => [401, 403, 403, 403, 403, inside];

/** The same on the socket. */
export const UNHEARD: Outcome[] = [...Array<Outcome>(4).fill('notFound'), 'ok', 'ok'];
export const TOLD: Outcome[] = [...Array<Outcome>(4).fill('not told'), 'told', 'told'];
