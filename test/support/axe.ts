import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What is wrong with a page by the rules of axe-core: the rule, and the elements. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
