import type { Session } from './session.ts';

const KEY = 'sfumato.person';

/**
 * Was somebody logged in when this browser looked last? Only a guess, so that what persons have is asked for at once,
 * and nobody else waits for it.
 */
export function wasSomebody(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch (error) {
    console.debug('sfumato: nothing is remembered here', error);
    return false;
  }
}

export function rememberWho({ id }: Pick<Session, 'id'>): void {
  try {
    if (id === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, '1');
  } catch (error) {
    console.debug('sfumato: nothing can be remembered here', error);
  }
}
