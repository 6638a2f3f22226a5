/** What a person sees of a step: one line drawn again and again on a terminal, plain lines elsewhere. */

const REDRAW_MS = 120;
const PLAIN_EVERY_MS = 10_000;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * A duration as people write it.
 * @param {number} ms
 */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * One line of state: the percentage where there is one, the time, the detail.
 * @param {{ percent?: number | undefined, detail?: string | undefined }} state
 * @param {number} elapsedMs
 */
export function stateLine({ percent, detail }, elapsedMs) {
  const parts = [];
  if (percent !== undefined) parts.push(`${String(Math.floor(percent)).padStart(3)} %`);
  parts.push(duration(elapsedMs));
  if (detail) parts.push(detail);
  return parts.join('  ');
}

/**
 * Text in lines of at most so many columns, each after the first indented.
 * @param {string} text
 * @param {number} columns
 * @param {string} indent
 */
export function wrap(text, columns, indent = '') {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1] ?? '';
    const longer = last ? `${last} ${word}` : word;
    if (last && longer.length > columns) lines.push(indent + word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join('\n');
}

export class Progress {
  #out;
  #startedAt = Date.now();
  /** @type {{ percent?: number | undefined, detail?: string | undefined }} */
  #state = {};
  #timer;
  #frame = 0;

  /**
   * @param {string} title what the step makes
   * @param {string} why what is done and why, in one sentence
   * @param {NodeJS.WriteStream} out
   */
  constructor(title, why, out = process.stderr) {
    this.title = title;
    this.#out = out;
    out.write(`${wrap(`${title}: ${why}`, this.#columns, '  ')}\n`);
    this.#timer = setInterval(() => this.#draw(), out.isTTY ? REDRAW_MS : PLAIN_EVERY_MS);
  }

  /**
   * @param {object} state
   * @param {number} [state.percent] 0 to 100
   * @param {string} [state.detail] what is being done right now; what was said last stays
   */
  update({ percent, detail }) {
    this.#state = { percent, detail: detail ?? this.#state.detail };
  }

  /** A part of the step begins, which has no percentage yet. @param {string} detail */
  say(detail) {
    this.#state = { detail };
    if (!this.#out.isTTY) this.#draw();
  }

  done() {
    this.#end(`  ✓ ${this.title} after ${duration(this.elapsedMs)}`);
  }

  /** @param {'failed' | 'interrupted'} how */
  failed(how) {
    this.#end(`  ✗ ${this.title} ${how} after ${duration(this.elapsedMs)}`);
  }

  get elapsedMs() {
    return Date.now() - this.#startedAt;
  }

  get #columns() {
    // A terminal that does not know its width says 0.
    return Math.min(this.#out.columns || 100, 100);
  }

  /** @param {string} line */
  #end(line) {
    clearInterval(this.#timer);
    this.#out.write(`${this.#out.isTTY ? '\r\x1b[K' : ''}${line}\n`);
  }

  #draw() {
    const line = stateLine(this.#state, this.elapsedMs);
    if (!this.#out.isTTY) {
      this.#out.write(`  ${line}\n`);
      return;
    }
    const spinner = SPINNER[this.#frame++ % SPINNER.length];
    this.#out.write(`\r\x1b[K${`  ${spinner} ${line}`.slice(0, this.#columns - 1)}`);
  }
}
