/** The full output of every command of a set-up, in one file that is only made when there is any. */
import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const KEPT = 10;

export class Log {
  #folder;
  #path;

  /** @param {string} cache the project's cache folder */
  constructor(cache) {
    this.#folder = join(cache, 'logs');
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    this.#path = join(this.#folder, `setup-${stamp}-${process.pid}.log`);
    this.used = false;
  }

  get path() {
    return this.#path;
  }

  /** @param {string | Uint8Array} text */
  write(text) {
    if (!this.used) this.#open();
    appendFileSync(this.#path, text);
  }

  #open() {
    mkdirSync(this.#folder, { recursive: true });
    const names = readdirSync(this.#folder);
    // oxlint-disable-next-line unicorn/no-array-sort -- Node 18 has no toSorted
    names.sort();
    for (const name of names.slice(0, 1 - KEPT)) rmSync(join(this.#folder, name), { force: true });
    this.used = true;
  }
}
