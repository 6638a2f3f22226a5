import * as z from 'zod';

/**
 * The player.js protocol 0.0.11 (https://github.com/embedly/player.js/blob/master/SPEC.rst), spoken by many sites: JSON as
 * text, through `postMessage`. With it our own words for what it has none for; those who know only the protocol pass
 * them over.
 */
export const CONTEXT = 'player.js';
export const VERSION = '0.0.11';

export const STANDARD_METHODS = [
  'play',
  'pause',
  'getPaused',
  'mute',
  'unmute',
  'getMuted',
  'setVolume',
  'getVolume',
  'getDuration',
  'setCurrentTime',
  'getCurrentTime',
  'setLoop',
  'getLoop',
  'addEventListener',
  'removeEventListener',
] as const;

export const OWN_METHODS = [
  'getLive',
  'getCondition',
  'getQualities',
  'getQuality',
  'setQuality',
  'getCaptions',
  'setCaptions',
  'getPlaybackRate',
  'setPlaybackRate',
  'getLatency',
  'getStats',
  'setToken',
] as const;

export const STANDARD_EVENTS = [
  'ready',
  'progress',
  'timeupdate',
  'play',
  'pause',
  'ended',
  'seeked',
  'error',
] as const;

/**
 * `conditionchange`: why there is a picture, or why there is none; `qualitychange`: another one is shown;
 * `tokenexpiring`: half a minute before the right to watch ends.
 */
export const OWN_EVENTS = [
  'conditionchange',
  'qualitychange',
  'volumechange',
  'ratechange',
  'tokenexpiring',
] as const;

export const METHODS = [...STANDARD_METHODS, ...OWN_METHODS] as const;
export const EVENTS = [...STANDARD_EVENTS, ...OWN_EVENTS] as const;

const methodSchema = z.enum(METHODS);
export type OutsideMethod = z.infer<typeof methodSchema>;
const eventSchema = z.enum(EVENTS);
export type OutsideEvent = z.infer<typeof eventSchema>;

const callSchema = z.object({
  context: z.literal(CONTEXT),
  method: methodSchema,
  value: z.unknown().optional(),
  listener: z.string().max(256).optional(),
});
export type OutsideCall = z.infer<typeof callSchema>;

/** What a page may send at most, characters. */
const LONGEST = 8_192;

/** @param data of a message event. @returns null for what is not of this protocol */
export function readCall(data: unknown): OutsideCall | null {
  if (typeof data !== 'string' || data.length > LONGEST) return null;
  return callSchema.safeParse(parseJson(data)).data ?? null;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page's other conversations come by the same way.
    return undefined;
  }
}

export function isEvent(name: unknown): name is OutsideEvent {
  return eventSchema.safeParse(name).success;
}

export function writeEvent(event: OutsideEvent, value?: unknown, listener?: string): string {
  return JSON.stringify({
    context: CONTEXT,
    version: VERSION,
    event,
    ...(value === undefined ? {} : { value }),
    ...(listener === undefined ? {} : { listener }),
  });
}

/** An answer has the method's name in the place of the event's: so the protocol has it. */
export function writeAnswer(method: OutsideMethod, value: unknown, listener?: string): string {
  return JSON.stringify({
    ...{ context: CONTEXT, version: VERSION, event: method, value },
    ...(listener === undefined ? {} : { listener }),
  });
}
