import type { SessionOrder } from './session-pump.ts';

/** An order for a moment, as it is to be carried out at another one: it may have come late. */
export function orderAt(order: SessionOrder, epochMs: number): SessionOrder {
  const { at, atMs, rate } = order;
  if (atMs === undefined || epochMs <= atMs) return order;
  return { ...order, at: at + ((epochMs - atMs) / 1000) * rate };
}

/**
 * When a picture is to be sent for it to be in time, milliseconds since the Unix epoch.
 *
 * @returns undefined for what is not bound to a moment: then it is sent at once
 */
export function momentOf({ at, atMs, rate }: SessionOrder, position: number): number | undefined {
  return atMs === undefined || rate === 0 ? undefined : atMs + ((position - at) / rate) * 1000;
}
