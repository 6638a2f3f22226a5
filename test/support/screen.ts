import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** A part of what a person sees of the player, where no controls are: grey values, row by row. */
export async function seenOf(page: Page): Promise<Buffer> {
  const box = await page.locator('sfumato-player').boundingBox();
  if (box === null) throw new Error('the player is not seen');
  const clip = {
    x: Math.round(box.x + box.width * 0.05),
    y: Math.round(box.y + box.height * 0.2),
    width: Math.round(box.width * 0.25),
    height: Math.round(box.height * 0.2),
  };
  return sharp(await page.screenshot({ clip }))
    .greyscale()
    .raw()
    .toBuffer();
}

/** How far two of them are apart: 0 for the same, 255 for black and white. */
export function distance(one: Buffer, other: Buffer): number {
  let sum = 0;
  for (const [index, value] of one.entries()) sum += Math.abs(value - (other[index] ?? 0));
  return sum / one.length;
}
