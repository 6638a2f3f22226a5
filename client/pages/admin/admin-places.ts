import type { Session } from '../session.ts';

/** The parts of the page, in their order, and who is shown them. */
const PLACES = [
  { name: 'channels', words: 'Channels', isFor: (who: Session) => seesChannels(who) },
  { name: 'people', words: 'People', isFor: (who: Session) => who.mayAdminister },
  { name: 'defaults', words: 'Defaults', isFor: (who: Session) => who.mayAdminister },
  { name: 'tokens', words: 'API tokens', isFor: (who: Session) => seesChannels(who) },
  { name: 'log', words: 'Log', isFor: (who: Session) => who.mayAdminister },
  { name: 'you', words: 'You', isFor: (who: Session) => who.id !== null },
] as const;

export type PlaceName = (typeof PLACES)[number]['name'];
export type AdminPlace = { name: PlaceName; words: string };

function seesChannels({ maySeeChannels, mayPublish }: Session): boolean {
  return maySeeChannels || mayPublish;
}

export function placesFor(who: Session): AdminPlace[] {
  return PLACES.filter(({ isFor }) => isFor(who));
}

/** What an address leads to: what it names, if it is for whoever looks, else the first that is. */
export function placeOf(search: string, who: Session): PlaceName {
  const places = placesFor(who);
  const wanted = new URLSearchParams(search).get('at');
  return (places.find(({ name }) => name === wanted) ?? places[0])?.name ?? 'you';
}

/** Where whoever has logged in comes back to, a page of this server; null where none is named. */
export function nextOf(search: string, origin: string): string | null {
  const wanted = new URLSearchParams(search).get('next');
  const address = wanted === null ? null : URL.parse(wanted, origin);
  return address?.origin === origin ? address.pathname + address.search : null;
}

export function addressOfPlace(name: PlaceName): string {
  return name === 'channels' ? '/admin' : `/admin?at=${name}`;
}
