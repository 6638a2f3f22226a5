/** How long a page says that the link was copied. */
export const SHARED_SHOWN_MS = 2_500;

/**
 * Gives an address on: by the system's own way on phones, else by the clipboard, else as text to copy.
 *
 * @returns whether it was copied, which the page should say
 */
export async function share(url: string): Promise<boolean> {
  try {
    if (navigator.share !== undefined && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ title: document.title, url });
      return false;
    }
    await navigator.clipboard.writeText(url);
    return true;
  } catch (error) {
    // Dismissed by the person, or not allowed without HTTPS: then the address is offered as it is.
    console.debug('sfumato: share', error);
    if (!isDismissal(error)) prompt('The link to this page:', url);
    return false;
  }
}

function isDismissal(error: unknown): boolean {
  return Reflect.get(Object(error), 'name') === 'AbortError';
}
