const KEY = 'sfumato.captions';

type Track = { readonly language: string };

/** Which of the tracks is in the language that captions were shown in last. @param chosen null where they were off */
export function rememberedTrack(tracks: readonly Track[], chosen: string | null): number | null {
  if (chosen === null) return null;
  const exact = tracks.findIndex(({ language }) => language === chosen);
  if (exact >= 0) return exact;
  const base = (language: string) => language.split('-')[0];
  const near = tracks.findIndex(({ language }) => base(language) === base(chosen));
  return near >= 0 ? near : null;
}

/** The language (BCP 47) of the captions that were shown last; null where they were off. */
export function loadCaptionLanguage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch (error) {
    console.debug('sfumato: the captions cannot be read', error);
    return null;
  }
}

export function storeCaptionLanguage(language: string | null): void {
  try {
    if (language === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, language);
  } catch (error) {
    console.debug('sfumato: the captions cannot be remembered', error);
  }
}
