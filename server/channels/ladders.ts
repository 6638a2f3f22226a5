import type { Logger } from 'pino';
import type { Broadcast } from '../sfu/broadcast.ts';
import { takesLadder } from '../sfu/ladder-transport.ts';
import { Ladder, type LadderTools } from './ladder.ts';

/** Every ladder of this server. */
export class Ladders {
  readonly #tools: LadderTools;
  readonly #log: Logger;
  readonly #ladders = new Set<Ladder>();

  constructor(tools: LadderTools) {
    this.#tools = tools;
    this.#log = tools.log;
  }

  /** How many have an encoder at work. */
  get encoding(): number {
    return [...this.#ladders].filter(({ encodes }) => encodes).length;
  }

  /**
   * A ladder for this broadcast, where its picture is one that takes one. Without, Viewers have the original.
   *
   * @param onFailed called once if it fails later
   */
  async open(broadcast: Broadcast, onFailed: () => void): Promise<Ladder | undefined> {
    if (!takesLadder(broadcast)) return undefined;
    try {
      const ladder: Ladder = await Ladder.open({ ...this.#tools, broadcast, onFailed });
      this.#ladders.add(ladder);
      return ladder;
    } catch (error) {
      if (!broadcast.closed) this.#log.warn({ err: error }, 'a source goes without lower layers');
      return undefined;
    }
  }

  /** Idempotent. */
  close(ladder: Ladder): void {
    this.#ladders.delete(ladder);
    ladder.close();
  }
}
