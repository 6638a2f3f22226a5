import type { Namespace } from './namespace.ts';
import { type Programs, run } from './programs.ts';

/** What does not get through to the server, nor from it. */
export type Forbidden = {
  protocol: 'udp' | 'tcp';
  /** Of the server; all of them where it is left out. */
  port?: number;
};

/** One end of a link: what comes in by a device of a namespace. */
type Side = { namespace: Namespace; device: string; portIs: 'dport' | 'sport' };

/** Where the rule moves to by which a namespace finds what is meant for itself. */
const LOCAL_RULE = 1_000;
/** Namespaces where it has moved. */
const prepared = new WeakSet<Namespace>();

/**
 * A firewall that swallows without a word, at both ends of a link, made of routing rules (ip-rule(8)): what they call a
 * black hole is dropped as it comes in. The kernel needs no packet filter for it.
 */
export class Firewall {
  readonly #programs: Programs;
  readonly #sides: readonly Side[];
  readonly #firstRule: number;
  #rules = 0;

  /** @param index of the link, for there may be others in the same namespace */
  constructor(programs: Programs, sides: readonly Side[], index: number) {
    this.#programs = programs;
    this.#sides = sides;
    this.#firstRule = 10 * (index + 1);
  }

  /** This from now on, and nothing else; at most ten. */
  async forbid(all: readonly Forbidden[]): Promise<void> {
    for (const side of this.#sides) await this.#rewrite(side, all);
    this.#rules = all.length;
  }

  async #rewrite(side: Side, all: readonly Forbidden[]): Promise<void> {
    await this.#prepare(side.namespace);
    for (let rule = 0; rule < this.#rules; rule += 1) {
      await this.#rule(side, 'del', 'pref', String(this.#firstRule + rule));
    }
    for (const [rule, { protocol, port }] of all.entries()) {
      const where = port === undefined ? [] : [side.portIs, String(port)];
      const what = ['iif', side.device, 'ipproto', protocol, ...where, 'blackhole'];
      await this.#rule(side, 'add', 'pref', String(this.#firstRule + rule), ...what);
    }
  }

  /** What is meant for the namespace itself is found by its very first rule: ours have to come before it. */
  async #prepare(namespace: Namespace): Promise<void> {
    if (prepared.has(namespace)) return;
    prepared.add(namespace);
    await this.#rule({ namespace }, 'add', 'pref', String(LOCAL_RULE), 'lookup', 'local');
    await this.#rule({ namespace }, 'del', 'pref', '0');
    // A connection that is known already would be let in without a look at the rules.
    const file = '/proc/sys/net/ipv4/ip_early_demux';
    await run(namespace.command(['sh', '-c', `echo 0 > ${file}`]));
  }

  async #rule({ namespace }: Pick<Side, 'namespace'>, ...words: string[]): Promise<void> {
    await run(namespace.command([this.#programs.ip, 'rule', ...words]));
  }
}
