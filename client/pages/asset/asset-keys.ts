export type AssetKeyPress = {
  key: string;
  shift: boolean;
  /** Ctrl, Alt or the like. */
  modified: boolean;
  /** What has the focus takes text, or keys of its own. */
  typing: boolean;
  /** Is it an image, shown as a whole? It has no time that the arrows could lead through. */
  wholeImage: boolean;
};

/** Where in the collection a key leads: the player knows nothing of that. */
export function stepOfKey(press: AssetKeyPress): 'before' | 'after' | null {
  const { shift, modified, typing, wholeImage } = press;
  if (modified || typing) return null;
  const key = press.key.toLowerCase();
  if (shift) return key === 'n' ? 'after' : key === 'p' ? 'before' : null;
  if (!wholeImage) return null;
  return key === 'arrowright' ? 'after' : key === 'arrowleft' ? 'before' : null;
}

/** @param target the innermost one that has the focus */
export function takesKeys(target: EventTarget | undefined): boolean {
  const fields = 'input:not([type=checkbox]), textarea, select, [contenteditable]';
  return target instanceof HTMLElement && target.matches(fields);
}
