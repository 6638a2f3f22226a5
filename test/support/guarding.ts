import type { Frame } from 'playwright-core';
import { z } from 'zod';
import type { AccessRules } from '../../signaling/contract/index.ts';
import { ADMIN_TOKEN } from './going-live.ts';
import { recordPlaybackToken } from './run-record.ts';
import { until } from './live-server.ts';

const grantSchema = z.object({ token: z.string(), id: z.string(), expiresAt: z.string() });
export type Grant = z.infer<typeof grantSchema>;

/** Who may watch what on a server of a test, by its API. */
export class Guard {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @param path below `/api/v1` */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** @param path such as `/channels/demo` */
  async rule(path: string, rules: Partial<AccessRules> & { password?: string }): Promise<void> {
    await this.call('PATCH', `${path}/rules`, rules);
  }

  async issue(id: string, more: object = {}): Promise<Grant> {
    const grant = grantSchema.parse(await this.call('POST', '/playback-tokens', { id, ...more }));
    recordPlaybackToken(`a token for ${id}`, grant.token);
    return grant;
  }

  async revoke({ id }: Grant): Promise<void> {
    await this.call('DELETE', `/playback-tokens/${id}`);
  }
}

/** Of the only player of a page, which may be in a frame. */
export type Guarded = {
  framesPresented: number;
  condition: string;
  refusal: string | null;
  /** What stands in the picture's place. */
  words: string;
  /** Is there anything left of a picture? */
  isSeen: boolean;
  via: string | null;
  /** When it was refused, milliseconds since the Unix epoch; null while it is not. */
  deniedAtMs: number | null;
};

/** Runs in the page: keeps when the player was refused, from now on. */
function watchRefusals(): void {
  const player = document.querySelector('sfumato-player');
  player?.addEventListener('conditionchange', () => {
    const isDenied = player.condition === 'denied';
    Reflect.set(window, 'deniedAtMs', isDenied ? performance.timeOrigin + performance.now() : null);
  });
}

/** Runs in the page. */
function readPlayer(): Guarded | null {
  const player = document.querySelector('sfumato-player');
  const media = player?.media ?? null;
  if (player === null || media === null) return null;
  const said = player.renderRoot.querySelector('sfumato-access')?.renderRoot;
  const canvases = [...(media.shadowRoot?.querySelectorAll('canvas') ?? [])];
  const deniedAtMs: unknown = Reflect.get(window, 'deniedAtMs');
  return {
    framesPresented: player.stats()?.framesPresented ?? 0,
    condition: player.condition,
    refusal: player.refusal,
    words: said?.querySelector('h2')?.textContent ?? '',
    isSeen: media.nativeEl.videoWidth > 0 || canvases.some(({ hidden }) => !hidden),
    via: media.via,
    deniedAtMs: typeof deniedAtMs === 'number' ? deniedAtMs : null,
  };
}

export const guardedPlayer = (frame: Frame): Promise<Guarded | null> => frame.evaluate(readPlayer);

/** Waits until the player is as wanted. */
export async function untilGuarded(
  frame: Frame,
  wanted: (player: Guarded) => boolean,
): Promise<Guarded> {
  let player: Guarded | null = null;
  await until(async () => {
    player = await guardedPlayer(frame);
    return player !== null && wanted(player);
  });
  if (player === null) throw new Error('the page has no player');
  return player;
}

/** Waits until pictures are presented, and more of them. */
export async function untilWatched(frame: Frame): Promise<void> {
  const { framesPresented } = await untilGuarded(frame, (player) => player.framesPresented > 0);
  await untilGuarded(frame, (player) => player.framesPresented > framesPresented + 10);
  await frame.evaluate(watchRefusals);
}

/**
 * Waits until the picture has ended.
 *
 * @param sinceMs when what ends it was done, milliseconds since the Unix epoch
 * @returns what that took, milliseconds
 */
export async function untilEnded(
  frame: Frame,
  { sinceMs, title }: { sinceMs: number; title: string },
): Promise<number> {
  const { deniedAtMs } = await untilGuarded(
    frame,
    ({ words, isSeen, condition }) => condition === 'denied' && words === title && !isSeen,
  );
  if (deniedAtMs === null) throw new Error('nobody saw it end');
  return Math.round(deniedAtMs - sinceMs);
}
