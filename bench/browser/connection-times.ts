import type { ReceiverCounters, SenderCounters } from './peer-page.ts';

/** How pictures fared in a receiver over a while; means. */
export type ReceiverTimes = {
  jitterBufferMs: number;
  processingMs: number;
  framesPerSecond: number;
  kilobits: number;
};

/**
 * What lies between two looks at a receiver's counters.
 *
 * @throws {Error} where one of them found no picture, or nothing came between them
 */
export function receiverTimes(
  before: ReceiverCounters | null,
  after: ReceiverCounters | null,
  betweenMs: number,
): ReceiverTimes {
  if (before === null || after === null) throw new Error('No picture is received.');
  const gained = (counter: keyof ReceiverCounters) => after[counter] - before[counter];
  const frames = gained('framesDecoded');
  if (frames <= 0) throw new Error('No further picture was decoded.');
  return {
    jitterBufferMs: (gained('jitterBufferSeconds') * 1000) / gained('jitterBufferFrames'),
    processingMs: (gained('processingSeconds') * 1000) / frames,
    framesPerSecond: (frames * 1000) / betweenMs,
    kilobits: (gained('bytes') * 8) / betweenMs,
  };
}

/** How pictures fared in a sender over a while; means. */
export type SenderTimes = { encodeMs: number; sendDelayMs: number };

/** What lies between two looks at a sender's counters. @throws {Error} where it sent nothing */
export function senderTimes(
  before: SenderCounters | null,
  after: SenderCounters | null,
): SenderTimes {
  if (before === null || after === null) throw new Error('No picture is sent.');
  const gained = (counter: keyof SenderCounters) => after[counter] - before[counter];
  return {
    encodeMs: (gained('encodeSeconds') * 1000) / gained('framesEncoded'),
    sendDelayMs: (gained('sendDelaySeconds') * 1000) / gained('packets'),
  };
}
