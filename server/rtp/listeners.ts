import type { Logger } from 'pino';

/** Takes a listener away again. */
export type Undo = () => void;

export type Listeners<T> = {
  on(listener: (value: T) => void): Undo;
  /** Every listener hears it; one that throws is logged and harms nobody. */
  emit(value: T): void;
};

export function createListeners<T>(log: Logger): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(value) {
      for (const listener of listeners) {
        try {
          listener(value);
        } catch (err) {
          log.error({ err }, 'A listener failed');
        }
      }
    },
  };
}
