import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_PATH } from './chromium.ts';
import { until } from './live-server.ts';
import { PATIENCE_MS } from './patience.ts';
import { argumentsOf, pidsWithArgument } from './processes.ts';

/** A Chromium with a profile that it keeps, also when it is killed. */
export class KillableBrowser {
  readonly #profile: string;
  #context: BrowserContext;
  page: Page;

  private constructor(profile: string, context: BrowserContext, page: Page) {
    this.#profile = profile;
    this.#context = context;
    this.page = page;
  }

  /** @param profile an absolute path that no other browser uses */
  static async open(profile: string): Promise<KillableBrowser> {
    return new KillableBrowser(profile, ...(await openContext(profile)));
  }

  /** As the system does it when memory is short: nothing is written any more. */
  async kill(): Promise<void> {
    for (const pid of this.#pids().filter(isMain)) process.kill(pid, 'SIGKILL');
    // What it had started ends by itself, and lets go of the profile.
    await until(() => this.#pids().length === 0);
  }

  /** Again, with the same profile. */
  async reopen(): Promise<void> {
    [this.#context, this.page] = await openContext(this.#profile);
  }

  /** The cookies for this address, as the header of a request. */
  async cookies(url: string): Promise<string> {
    const all = await this.#context.cookies(url);
    return all.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  #pids(): number[] {
    return pidsWithArgument(`--user-data-dir=${this.#profile}`);
  }
}

/** And no process of some `--type` that the browser has started. */
function isMain(pid: number): boolean {
  return !argumentsOf(pid).some((argument) => argument.startsWith('--type='));
}

async function openContext(profile: string): Promise<[BrowserContext, Page]> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return [context, page];
}
