import type { Page } from 'playwright-core';
import { z } from 'zod';
import { until } from './live-server.ts';

const toldSchema = z.object({
  via: z.enum(['webrtc', 'hls', 'nativeHls']).nullable(),
  protocol: z.enum(['udp', 'tcp']).nullable(),
  wayReason: z.string().nullable(),
  position: z.number(),
});

/** By which way the page's player has what it plays. */
export type Told = z.infer<typeof toldSchema>;

/** @returns null before the page has its player */
export async function wayOf(page: Page): Promise<Told | null> {
  const stored: unknown = await page.evaluate(() => window.sfumato?.stats()?.stored ?? null);
  return toldSchema.nullable().parse(stored);
}

/** Waits until it comes as wanted. */
export async function untilWay(page: Page, wanted: Partial<Told>): Promise<Told> {
  let told: Told | null = null;
  await until(async () => {
    told = await wayOf(page);
    const known = told === null ? [] : Object.entries<unknown>(told);
    const has = ([key, value]: [string, unknown]) =>
      known.some(([name, present]) => name === key && present === value);
    return told !== null && Object.entries(wanted).every(has);
  });
  if (told === null) throw new Error('the page has no player');
  return told;
}

/** As where a person has asked the browser to save data; before the page is opened. */
export async function saveData(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setDataSaverOverride', { dataSaverEnabled: true });
}
