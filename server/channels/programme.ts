import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { PumpPool } from '../rtp/pump-pool.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Channel } from './channel.ts';
import { channelIdFor, channelTitleFor } from './channel-id.ts';
import type { Channels } from './channels.ts';
import { Playout, type PlayableFile } from './playout.ts';

const DEMO_ID = 'demo';

export interface PrepareOptions {
  signal: AbortSignal;
  /** `fraction` is from 0 to 1, where it is known. */
  onProgress: (progress: { fraction: number | undefined }) => void;
}

/** What makes files playable: the library. */
export interface FilePreparer {
  /** @throws SfumatoError `unsupportedMedia` with the reason, where the file cannot be played */
  prepare(file: string, options: PrepareOptions): Promise<PlayableFile>;
  prepareDemo(options: PrepareOptions): Promise<PlayableFile>;
}

export interface ProgrammeOptions {
  channels: Channels;
  library: FilePreparer;
  sfu: Sfu;
  pumps: PumpPool;
  log: Logger;
}

interface Item {
  /** As the person who named it knows it. */
  name: string;
  channel: Channel;
  prepare: (options: PrepareOptions) => Promise<PlayableFile>;
  alignToWallClock: boolean;
}

/** What is on because whoever started the server said so: files named on the command line, or the demo. */
export class Programme {
  readonly #options: ProgrammeOptions;
  readonly #playouts: Playout[] = [];
  readonly #closing = new AbortController();

  constructor(options: ProgrammeOptions) {
    this.#options = options;
  }

  /** The demo's picture shows a clock, which is right as long as its start is. */
  async playDemo(): Promise<void> {
    const { channels, library } = this.#options;
    await this.#tryPlay({
      name: 'the demo',
      channel: channels.create(
        channelIdFor(DEMO_ID, (id) => channels.has(id)),
        'Demo',
      ),
      prepare: (options) => library.prepareDemo(options),
      alignToWallClock: true,
    });
  }

  /** One Channel a file. Those that cannot be played are named with the reason, the others go on air. */
  async playFiles(files: readonly string[]): Promise<void> {
    const { channels, library, log } = this.#options;
    let onAir = 0;
    for (const file of files) {
      if (this.#closing.signal.aborted) return;
      const id = channelIdFor(file, (taken) => channels.has(taken));
      const played = await this.#tryPlay({
        name: file,
        channel: channels.create(id, channelTitleFor(file)),
        prepare: (options) => library.prepare(file, options),
        alignToWallClock: false,
      });
      if (played) onAir += 1;
    }
    log.info(`${onAir} of ${files.length} files on air`);
  }

  /** Idempotent. */
  close(): void {
    this.#closing.abort();
    for (const playout of this.#playouts) playout.close();
  }

  async #tryPlay(item: Item): Promise<boolean> {
    try {
      await this.#play(item);
      return true;
    } catch (error) {
      this.#options.channels.remove(item.channel);
      this.#tellRefusal(item.name, error);
      return false;
    }
  }

  async #play({ name, channel, prepare, alignToWallClock }: Item): Promise<void> {
    const { sfu, pumps, log } = this.#options;
    const file = await prepare({
      signal: this.#closing.signal,
      onProgress: everyTenth((percent) => {
        log.info(`preparing ${name}: ${percent} %`);
      }),
    });
    const playout = await Playout.start({ channel, file, sfu, pumps, alignToWallClock, log });
    this.#playouts.push(playout);
    if (this.#closing.signal.aborted) playout.close();
    else log.info({ channel: channel.id }, `on air: /watch/${channel.id}`);
  }

  #tellRefusal(name: string, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { log } = this.#options;
    if (error instanceof SfumatoError) log.warn(`not on air: ${name}: ${error.message}`);
    else log.error({ err: error }, `not on air: ${name}`);
  }
}

/** Calls through for the first, and then whenever another tenth is done. @param act given whole percents */
function everyTenth(act: (percent: number) => void): PrepareOptions['onProgress'] {
  let told = -1;
  return ({ fraction = 0 }) => {
    const tenths = Math.floor(fraction * 10);
    if (tenths <= told) return;
    told = tenths;
    act(tenths * 10);
  };
}
