import type { NotificationData } from '../../signaling/contract/index.ts';

/** Why a Publisher is ended that did not ask for it. */
export type EndReason = NotificationData<'broadcastEnded'>['reason'];

/**
 * Who is on air on a Channel, as far as Publishers go that can be lost and come back.
 * `away`: its connection is gone; `cutOff`: it is still there, but nothing comes through.
 */
export type OnAirState<P> =
  | { name: 'offAir' }
  | { name: 'onAir'; who: P }
  | { name: 'cutOff'; who: P }
  | { name: 'away'; who: P };

/** What happened to a Publisher, or to the Channel. */
export type OnAirEvent<P> =
  /** Its media can flow, or its tracks have changed. */
  | { type: 'ready'; who: P }
  | { type: 'cutOff'; who: P }
  | { type: 'back'; who: P }
  /** Its connection is gone, without a goodbye. */
  | { type: 'lost'; who: P }
  /** It said that it is over. */
  | { type: 'finished'; who: P }
  | { type: 'revoked'; reason: EndReason }
  | { type: 'graceOver' };

/** What is to be done about it, in this order. */
export type OnAirEffect<P> =
  | { type: 'endPublisher'; who: P; reason: EndReason | 'graceOver' }
  | { type: 'putOnAir'; who: P }
  | { type: 'setReconnecting'; who: P; reconnecting: boolean }
  | { type: 'takeOffAir'; who: P }
  | { type: 'startGrace' }
  | { type: 'stopGrace' };

export interface OnAirStep<P> {
  state: OnAirState<P>;
  effects: OnAirEffect<P>[];
}

/**
 * The newest Publisher wins. One that is lost keeps the Channel on air for the grace time; whoever is
 * ready first within it, the same or another, goes on from there.
 */
export function onAirStep<P>(state: OnAirState<P>, event: OnAirEvent<P>): OnAirStep<P> {
  if (event.type === 'ready') return ready(state, event.who);
  if (state.name === 'offAir') return { state, effects: [] };
  if (event.type === 'revoked') return revoked(state, event.reason);
  if (event.type === 'graceOver') return graceOver(state);
  // Whoever was replaced may still report; the Channel is another's now.
  return event.who === state.who ? reported(state, event.type) : { state, effects: [] };
}

/** What whoever has the Channel says of itself. */
function reported<P>(state: Busy<P>, type: 'cutOff' | 'back' | 'lost' | 'finished'): OnAirStep<P> {
  const { name, who } = state;
  if (type === 'cutOff' && name === 'onAir') {
    return { state: { name: 'cutOff', who }, effects: wait(who) };
  }
  if (type === 'back' && name === 'cutOff') {
    return {
      state: { name: 'onAir', who },
      effects: [{ type: 'stopGrace' }, { type: 'setReconnecting', who, reconnecting: false }],
    };
  }
  if (type === 'lost') {
    return { state: { name: 'away', who }, effects: name === 'onAir' ? wait(who) : [] };
  }
  if (type !== 'finished') return { state, effects: [] };
  return {
    state: { name: 'offAir' },
    effects: [{ type: 'stopGrace' }, { type: 'takeOffAir', who }],
  };
}

type Busy<P> = Exclude<OnAirState<P>, { name: 'offAir' }>;

function ready<P>(state: OnAirState<P>, who: P): OnAirStep<P> {
  const effects: OnAirEffect<P>[] = [{ type: 'stopGrace' }];
  if (state.name !== 'offAir' && state.name !== 'away' && state.who !== who) {
    effects.push({ type: 'endPublisher', who: state.who, reason: 'replaced' });
  }
  return { state: { name: 'onAir', who }, effects: [...effects, { type: 'putOnAir', who }] };
}

function wait<P>(who: P): OnAirEffect<P>[] {
  return [{ type: 'setReconnecting', who, reconnecting: true }, { type: 'startGrace' }];
}

function revoked<P>(state: Busy<P>, reason: EndReason): OnAirStep<P> {
  const { who } = state;
  const end: OnAirEffect<P>[] =
    state.name === 'away' ? [] : [{ type: 'endPublisher', who, reason }];
  return {
    state: { name: 'offAir' },
    effects: [{ type: 'stopGrace' }, ...end, { type: 'takeOffAir', who }],
  };
}

function graceOver<P>(state: Busy<P>): OnAirStep<P> {
  const { who } = state;
  if (state.name === 'onAir') return { state, effects: [] };
  const end: OnAirEffect<P>[] =
    state.name === 'cutOff' ? [{ type: 'endPublisher', who, reason: 'graceOver' }] : [];
  return { state: { name: 'offAir' }, effects: [...end, { type: 'takeOffAir', who }] };
}
