import { passFor, thingAt } from '../../player/access/pass.ts';

/**
 * Takes the token out of the page's address, so that nobody shares it by accident: from then on it is this page's right to
 * watch what the address names, also when it is loaded again.
 */
export function takeToken(): void {
  const url = new URL(location.href);
  const thing = thingAt(url.href);
  const token = url.searchParams.get('token') ?? tokenInHistory();
  if (token === null || thing === null) return;
  const kept = passFor(thing).set(token, { keep: true });
  url.searchParams.delete('token');
  // In a frame of another site a browser may keep nothing but the entry in its history.
  history.replaceState(kept ? history.state : { token }, '', url);
}

function tokenInHistory(): string | null {
  const token: unknown = Reflect.get(Object(history.state), 'token');
  return typeof token === 'string' ? token : null;
}
