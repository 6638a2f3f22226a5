import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { until } from './live-server.ts';
import { recordLog } from './run-record.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const DISPLAY = '/usr/bin/Xvfb';
/** Runs what it is given until our end of its stdin is gone, however we end. */
const WITH_US = '"$@" </dev/null & child=$!; cat >/dev/null; kill $child; wait $child';

const sessionSchema = z.object({ value: z.object({ sessionId: z.string() }) });
const valueSchema = z.object({ value: z.unknown() });

/** WebKit as Debian has it, without WebRTC, over the WebDriver protocol (https://www.w3.org/TR/webdriver2/). */
export class WebKit {
  readonly #children: readonly ChildProcess[];
  readonly #session: string;

  private constructor(children: readonly ChildProcess[], session: string) {
    this.#children = children;
    this.#session = session;
  }

  /** The project's set-up installs it where it can. */
  static get isInstalled(): boolean {
    return existsSync(DRIVER) && existsSync(DISPLAY);
  }

  /** @param folder for its profile; it is filled */
  static async start(folder: string): Promise<WebKit> {
    const { child: screen, display } = await openDisplay();
    const port = await freePort();
    const driver = start([DRIVER, `--port=${port}`], {
      DISPLAY: display,
      HOME: folder,
      XDG_CACHE_HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      // No graphics card.
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    });
    const url = `http://127.0.0.1:${port}/session`;
    const children = [driver, screen];
    try {
      await until(() => isReady(port));
      const answer = await ask('POST', url, { capabilities: { alwaysMatch: {} } });
      return new WebKit(children, `${url}/${sessionSchema.parse(answer).value.sessionId}`);
    } catch (error) {
      await end(children);
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    recordLog('urls', url);
    await ask('POST', `${this.#session}/url`, { url });
  }

  /** @param expression JavaScript, whose value can be JSON */
  async evaluate(expression: string): Promise<unknown> {
    const body = { script: `return (${expression})`, args: [] };
    return valueSchema.parse(await ask('POST', `${this.#session}/execute/sync`, body)).value;
  }

  async close(): Promise<void> {
    try {
      await ask('DELETE', this.#session);
    } finally {
      await end(this.#children);
    }
  }
}

/** A screen that nobody sees. */
async function openDisplay(): Promise<{ child: ChildProcess; display: string }> {
  const options = ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'];
  const child = start([DISPLAY, ...options], {});
  if (child.stdout === null) throw new Error('a screen without a number');
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, display: `:${String(line)}` };
}

function start(command: readonly string[], environment: Record<string, string>): ChildProcess {
  return spawn('sh', ['-c', WITH_US, 'sh', ...command], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

async function end(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.stdin?.end();
    await exited;
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/status`)).ok;
  } catch {
    // It does not listen yet.
    return false;
  }
}

/** @throws with the driver's reason */
async function ask(method: 'POST' | 'DELETE', url: string, body?: object): Promise<unknown> {
  const answer = await fetch(url, { method, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`WebKit: ${text}`);
  return JSON.parse(text);
}
