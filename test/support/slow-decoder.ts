import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';

const processesSchema = z.object({
  processInfo: z.array(z.object({ id: z.number(), type: z.string() })),
});

/** New threads begin with the priority of their process. */
const AGAIN_MS = 500;

/**
 * Leaves a browser's decoders next to no time, as a weak device does: the threads of its pages that work in
 * the background get what others leave over, and another page leaves nothing over. (The DevTools' own throttling
 * slows down a page's scripts, and no decoder.)
 *
 * @returns ends it
 */
export async function slowDecoders(browser: Browser): Promise<() => Promise<void>> {
  const root = await browser.newBrowserCDPSession();
  const hog = await openHog(browser);
  await yieldDecoders(root);
  const timer = setInterval(() => void yieldDecoders(root), AGAIN_MS);
  return async () => {
    clearInterval(timer);
    await hog.close();
    await root.detach();
  };
}

/** A page that keeps every core busy. */
async function openHog(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.goto('data:text/html,busy');
  await page.evaluate((workers) => {
    const url = URL.createObjectURL(new Blob(['for (;;);']));
    const busy = Array.from({ length: workers }, () => new Worker(url));
    Object.assign(globalThis, { busy });
  }, availableParallelism() * 2);
  return page;
}

async function yieldDecoders(root: CDPSession): Promise<void> {
  const { processInfo } = processesSchema.parse(await root.send('SystemInfo.getProcessInfo'));
  for (const { id } of processInfo.filter(({ type }) => type === 'renderer')) {
    for (const thread of poolThreads(id)) {
      // setpriority(2): on Linux a thread's own, where a thread is named.
      ifThere(() => setPriority(thread, constants.priority.PRIORITY_LOW));
    }
  }
}

/** Chromium decodes on its thread pool. */
function poolThreads(pid: number): number[] {
  const threads = ifThere(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const nameOf = (thread: string) =>
    ifThere(() => readFileSync(`/proc/${pid}/task/${thread}/comm`));
  return threads.filter((thread) => nameOf(thread)?.includes('ThreadPool')).map(Number);
}

/** Threads end while they are looked at. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(String(Reflect.get(Object(error), 'code')))) return undefined;
    if (Reflect.get(Object(error), 'code') === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
