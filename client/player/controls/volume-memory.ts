const KEY = 'sfumato.volume';

/** 0 to 1, as it was left by hand; null where it never was. */
export function loadVolume(): number | null {
  try {
    return readVolume(localStorage.getItem(KEY));
  } catch (error) {
    console.debug('sfumato: the volume cannot be read', error);
    return null;
  }
}

/** @returns null for what is no volume */
export function readVolume(text: string | null): number | null {
  const volume = text === null || text === '' ? Number.NaN : Number(text);
  return volume >= 0 && volume <= 1 ? volume : null;
}

export function storeVolume(volume: number): void {
  try {
    localStorage.setItem(KEY, String(volume));
  } catch (error) {
    console.debug('sfumato: the volume cannot be remembered', error);
  }
}
