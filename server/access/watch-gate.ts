import { mayWatch, type Verdict } from '../rights/may-watch.ts';
import { refusalError } from '../rights/refusal-errors.ts';
import type { GuardedThings, OwnService, Visitor } from './visitor.ts';

export interface WatchGateOptions {
  things: GuardedThings;
  ownService?: OwnService | undefined;
}

export interface Answer {
  verdict: Verdict;
  /** In place of the usual words of the refusal. */
  message: string | undefined;
  /** How many may watch it, this one among them; undefined where it does not matter. */
  maxViewers: number | undefined;
}

/** May somebody watch something? The rules say it, and then the operator's own service. */
export class WatchGate {
  readonly #things: GuardedThings;
  readonly #ownService: OwnService | undefined;

  constructor({ things, ownService }: WatchGateOptions) {
    this.#things = things;
    this.#ownService = ownService;
  }

  /** @throws SfumatoError `unavailable` where nobody knows at the moment */
  async ask(id: string, visitor: Visitor): Promise<Answer> {
    const met = await this.#things.meet(id, visitor);
    if (met === undefined) return { verdict: { may: false, refusal: 'gone' }, ...NOTHING_MORE };
    const { thing, asker } = met;
    const verdict = mayWatch(thing, asker, Date.now());
    if (!verdict.may || asker.mayChange) return { verdict, ...NOTHING_MORE };
    const maxViewers = thing.rules.maxViewers ?? undefined;
    const own = await this.#ownService?.mayWatch(id, visitor);
    if (own === undefined) return { verdict, message: undefined, maxViewers };
    if (!own.may) return { verdict: own, message: own.message, maxViewers: undefined };
    const untilMs = earlier(verdict.untilMs, own.untilMs);
    return { verdict: { may: true, untilMs }, message: undefined, maxViewers };
  }

  /** @throws SfumatoError with `refusal` where they may not */
  async demand(id: string, visitor: Visitor): Promise<Answer> {
    const answer = await this.ask(id, visitor);
    demandYes(answer);
    return answer;
  }
}

const NOTHING_MORE = { message: undefined, maxViewers: undefined };

/** @throws SfumatoError with `refusal` */
export function demandYes({ verdict, message }: Answer): void {
  if (!verdict.may) throw refusalError(verdict.refusal, { message, fromMs: verdict.fromMs });
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
