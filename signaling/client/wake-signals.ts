/**
 * Calls `onWake` when something hints that the network may be back or be another one: the browser says
 * that it is online, the page is looked at again (a laptop that slept), the connection's kind changed.
 * Does nothing where there is no window, such as in Node.
 *
 * @returns its undo
 */
export function watchWakeSignals(onWake: () => void): () => void {
  const undo = new AbortController();
  const { signal } = undo;
  const onVisible = () => {
    if (document.visibilityState === 'visible') onWake();
  };
  globalThis.window?.addEventListener('online', onWake, { signal });
  globalThis.window?.addEventListener('pageshow', onWake, { signal });
  globalThis.document?.addEventListener('visibilitychange', onVisible, { signal });
  // Chromium only: https://wicg.github.io/netinfo/
  const connection: unknown = Reflect.get(globalThis.navigator ?? {}, 'connection');
  if (connection instanceof EventTarget) connection.addEventListener('change', onWake, { signal });
  return () => undo.abort();
}
