import * as z from 'zod';

/** For as long as the tab lives, and for it alone. */
const PREFIX = 'sfumato-pass:';
const keptSchema = z.object({ token: z.string(), fromPassword: z.boolean() });

/** What was kept for a thing; null where nothing was, or where the browser keeps nothing here. */
export function keptPass(key: string): z.infer<typeof keptSchema> | null {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text === null ? null : keptSchema.parse(JSON.parse(text));
  } catch (error) {
    console.debug('sfumato: nothing is kept here', error);
    return null;
  }
}

/** @param token null to forget. @returns whether it is kept: in a frame of another site it may not be */
export function keepPass(key: string, token: string | null, fromPassword: boolean): boolean {
  try {
    if (token === null) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify({ token, fromPassword }));
    return true;
  } catch (error) {
    console.debug('sfumato: nothing is kept here', error);
    return false;
  }
}
