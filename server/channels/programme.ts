import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Library, PrepareOptions, Prepared } from '../library/library.ts';
import type { PumpPool } from '../rtp/pump-pool.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Channel } from './channel.ts';
import { channelIdFor, channelTitleFor } from './channel-id.ts';
import type { Channels } from './channels.ts';
import { Playout } from './playout.ts';

const DEMO_ID = 'demo';

export interface ProgrammeOptions {
  channels: Channels;
  library: Library;
  sfu: Sfu;
  pumps: PumpPool;
  log: Logger;
}

type Prepare = (options: PrepareOptions) => Promise<Prepared>;

/** What is on because whoever started the server said so: files named on the command line, or the demo. */
export class Programme {
  readonly #options: ProgrammeOptions;
  readonly #playouts: Playout[] = [];
  readonly #closing = new AbortController();

  constructor(options: ProgrammeOptions) {
    this.#options = options;
  }

  async playDemo(): Promise<void> {
    const { channels, library } = this.#options;
    const channel = channels.create(DEMO_ID, 'Demo');
    await this.#play(channel, (options) => library.prepareDemo(options), true);
  }

  /** One Channel a file. Those that cannot be played are named with the reason, the others go on air. */
  async playFiles(files: readonly string[]): Promise<void> {
    const { channels, library, log } = this.#options;
    let onAir = 0;
    for (const file of files) {
      if (this.#closing.signal.aborted) return;
      const id = channelIdFor(file, (taken) => channels.has(taken));
      const channel = channels.create(id, channelTitleFor(file));
      try {
        await this.#play(channel, (options) => library.prepare(file, options), false);
        onAir += 1;
      } catch (error) {
        channels.remove(channel);
        this.#tellRefusal(file, error);
      }
    }
    log.info(`${onAir} of ${files.length} files on air`);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#playouts.map((playout) => playout.close()));
  }

  async #play(channel: Channel, prepare: Prepare, alignToWallClock: boolean): Promise<void> {
    const { sfu, pumps, log } = this.#options;
    const prepared = await prepare({
      signal: this.#closing.signal,
      onProgress: everyTenth((percent) => {
        log.info(`preparing ${channel.title}: ${percent} %`);
      }),
    });
    const playout = await Playout.start({ channel, prepared, sfu, pumps, alignToWallClock, log });
    this.#playouts.push(playout);
    if (this.#closing.signal.aborted) await playout.close();
    else log.info({ channel: channel.id }, `on air: /watch/${channel.id}`);
  }

  #tellRefusal(file: string, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { log } = this.#options;
    if (error instanceof SfumatoError) log.warn(`not on air: ${file}: ${error.message}`);
    else log.error({ err: error }, `not on air: ${file}`);
  }
}

/** Calls through for the first, and then whenever another tenth is done. @param act given whole percents */
function everyTenth(act: (percent: number) => void): (fraction: number) => void {
  let told = -1;
  return (fraction) => {
    const tenths = Math.floor(fraction * 10);
    if (tenths <= told) return;
    told = tenths;
    act(tenths * 10);
  };
}
