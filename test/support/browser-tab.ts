import type { Browser, CDPSession } from 'playwright-core';
import { z } from 'zod';

const contextSchema = z.object({ browserContextId: z.string() });
const targetSchema = z.object({ targetId: z.string() });
const sessionSchema = z.object({ sessionId: z.string() });
const answerSchema = z.object({
  id: z.number(),
  result: z.object({ result: z.object({ value: z.unknown().optional() }).optional() }).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/**
 * A tab in a window of its own, that another tab can be put in front of. Playwright's pages are told by it
 * that they have the focus and are shown, whatever is in front of them: this one knows nothing of Playwright.
 */
export class BrowserTab {
  readonly #root: CDPSession;
  readonly #targetId: string;
  readonly #sessionId: string;
  readonly #other: string;
  readonly #waiting = new Map<number, (answer: z.infer<typeof answerSchema>) => void>();
  #asked = 0;

  private constructor(root: CDPSession, targetId: string, sessionId: string, other: string) {
    this.#root = root;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
    this.#other = other;
    root.on('Target.receivedMessageFromTarget', (event) => {
      if (event.sessionId === sessionId) this.#heard(event.message);
    });
  }

  static async open(browser: Browser, url: string): Promise<BrowserTab> {
    const root = await browser.newBrowserCDPSession();
    const { browserContextId } = contextSchema.parse(
      await root.send('Target.createBrowserContext'),
    );
    const create = async (options: { url: string; newWindow?: boolean }) =>
      targetSchema.parse(await root.send('Target.createTarget', { ...options, browserContextId }));
    const { targetId } = await create({ url, newWindow: true });
    const other = await create({ url: 'about:blank' });
    await root.send('Target.activateTarget', { targetId });
    const { sessionId } = sessionSchema.parse(
      await root.send('Target.attachToTarget', { targetId }),
    );
    return new BrowserTab(root, targetId, sessionId, other.targetId);
  }

  /** @param expression JavaScript, whose value can be cloned */
  async evaluate(expression: string): Promise<unknown> {
    const { result, error } = await this.#ask('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (error !== undefined) throw new Error(error.message);
    return result?.result?.value;
  }

  /** As a person does on a keyboard: what the browser grants to gestures only, it grants. */
  async press(letter: string): Promise<void> {
    const code = `Key${letter.toUpperCase()}`;
    for (const type of ['keyDown', 'keyUp']) {
      const text = type === 'keyDown' ? letter : '';
      const { error } = await this.#ask('Input.dispatchKeyEvent', {
        type,
        key: letter,
        code,
        text,
      });
      if (error !== undefined) throw new Error(error.message);
    }
  }

  /** Puts the other tab of the window in front. */
  async hide(): Promise<void> {
    await this.#root.send('Target.activateTarget', { targetId: this.#other });
  }

  async show(): Promise<void> {
    await this.#root.send('Target.activateTarget', { targetId: this.#targetId });
  }

  async close(): Promise<void> {
    for (const targetId of [this.#targetId, this.#other]) {
      await this.#root.send('Target.closeTarget', { targetId });
    }
    await this.#root.detach();
  }

  async #ask(method: string, parameters: object): Promise<z.infer<typeof answerSchema>> {
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<z.infer<typeof answerSchema>>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    const message = JSON.stringify({ id, method, params: parameters });
    await this.#root.send('Target.sendMessageToTarget', { sessionId: this.#sessionId, message });
    return await answered;
  }

  #heard(message: string): void {
    const answer = answerSchema.safeParse(JSON.parse(message));
    if (!answer.success) return;
    this.#waiting.get(answer.data.id)?.(answer.data);
    this.#waiting.delete(answer.data.id);
  }
}
