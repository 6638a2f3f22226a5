import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN, createChannel, startEmptyServer } from '../../test/support/going-live.ts';

const ID = 'live';

/** A Channel that nobody is on, and its server. */
export class LiveChannel {
  readonly id = ID;
  readonly url: string;
  readonly key: string;
  readonly #stop: () => Promise<void>;

  private constructor(url: string, key: string, stop: () => Promise<void>) {
    this.url = url;
    this.key = key;
    this.#stop = stop;
  }

  static async start(): Promise<LiveChannel> {
    const folder = await mkdtemp(join(tmpdir(), 'sfumato-bench-'));
    const server = await startEmptyServer(folder);
    const key = await createChannel(server.url, ID, 'Live');
    await dropGraceTime(server.url);
    return new LiveChannel(server.url, key, async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    });
  }

  get whip(): string {
    return `${this.url}/whip/${ID}`;
  }

  get broadcastLink(): string {
    return `${this.url}/broadcast/${ID}#key=${this.key}`;
  }

  /** Waits until somebody is on air, or nobody. */
  async until(live: boolean): Promise<void> {
    for (;;) {
      const text = await (await fetch(`${this.url}/api/v1/channels`)).text();
      if (text.includes(`"live":${live}`)) return;
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    await this.#stop();
  }
}

/** A page that was closed is off air at once: the next round begins with an empty Channel. */
async function dropGraceTime(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/channels/${ID}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ graceSeconds: 0 }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}
