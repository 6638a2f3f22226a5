import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { Fault } from './contents.ts';

/** What could not be played is tried again then. */
export const RETRY_MS = 30_000;
/** Where it may be the server's own fault: a worker that is being replaced. */
const SOON_MS = 3_000;

/** Assets that were tried in vain, for a while. */
export class Failures {
  readonly #faults = new Map<string, Fault & { untilMs: number }>();

  get first(): Fault | undefined {
    const [fault] = this.#faults.values();
    return fault;
  }

  /** When the first of them may be tried again, milliseconds since the Unix epoch. */
  get nextRetryMs(): number {
    const times = [...this.#faults.values()].map(({ untilMs }) => untilMs);
    return Math.min(...times.filter((untilMs) => untilMs > Date.now()));
  }

  note(assetId: string, error: unknown): Fault {
    const known = error instanceof SfumatoError;
    const code = known ? error.code : 'unreadable';
    const reason = known ? error.message : 'Its files cannot be read.';
    const fault = { assetId, code, reason };
    this.#faults.set(assetId, { ...fault, untilMs: Date.now() + (known ? RETRY_MS : SOON_MS) });
    return fault;
  }

  has(assetId: string, nowMs: number): boolean {
    const fault = this.#faults.get(assetId);
    if (fault === undefined || fault.untilMs > nowMs) return fault !== undefined;
    this.#faults.delete(assetId);
    return false;
  }

  forget(assetId: string): void {
    this.#faults.delete(assetId);
  }

  clear(): void {
    this.#faults.clear();
  }
}
