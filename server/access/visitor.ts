import type { Asker, Guarded, Pass, Verdict } from '../rights/may-watch.ts';
import type { Principal } from './principal.ts';

/** Whoever wants to watch, with everything that was shown. */
export interface Visitor {
  /** Who is logged in, or whose API token it is. */
  principal: Principal | undefined;
  /** The playback token. */
  pass: Asker['pass'];
  /** As in `Asker`. */
  site: string | undefined;
  /** From where, as far as that is known. */
  address: string | undefined;
  /** What the browser or the program says of itself. */
  agent: string | undefined;
}

/** Reads playback tokens: their signature, issuer and audience. */
export interface PassReader {
  /** @throws SfumatoError `unavailable` where that cannot be told at the moment */
  read(token: string): Promise<Pass | 'wrong'>;
}

/** A thing, and whoever asks as that thing sees them. */
export interface Encounter {
  thing: Guarded;
  asker: Asker;
}

/** Everything that can be watched here. */
export interface GuardedThings {
  /** @param id of a Channel or an Asset. @returns undefined where there is none */
  meet(id: string, visitor: Visitor): Promise<Encounter | undefined>;
}

/** The operator's own service, which has the last word. */
export interface OwnService {
  /** @returns with `untilMs`: then it is to be asked again */
  mayWatch(thingId: string, visitor: Visitor): Promise<Verdict & { message?: string | undefined }>;
}

/** Of whoever watches the same thing twice, such as by another way while the first goes on, one counts. */
export function seatOf({ principal, address, agent }: Visitor): string {
  return [principal?.id, address, agent].join(' ');
}
