import { Firewall, type Forbidden } from './firewall.ts';
import { Namespace, type Privileges } from './namespace.ts';
import { findPrograms, type Programs, run } from './programs.ts';
import type { Direction } from './udp-relay.ts';

/** What the kernel's token bucket does to one direction (tc-tbf(8)). */
export type Bottleneck = {
  /** Bits a second. */
  rate: number;
  /** Bytes that may pass at once after a silence. Default 5000. */
  burst?: number;
  /** Longest wait in its queue, milliseconds; what would wait longer is dropped. Default 200. */
  latency?: number;
};

/**
 * `unplugged`: the client's interface is down, and its operating system knows. `silent`: everything is
 * swallowed both ways and nobody is told, as where a network is broken further out.
 */
export type Cut = 'unplugged' | 'silent';

export type NetworkBoxOptions = {
  /** How many client namespaces. */
  clients: number;
  privileges?: Privileges;
};

const DEFAULT_BURST_BYTES = 5000;
const DEFAULT_LATENCY_MS = 200;
/** The client's end; the server has one for each client. */
const CLIENT_DEVICE = 'link0';

/**
 * One server and some clients, each in a network namespace of its own, each client joined to the server
 * by a link that can be cut and made narrow while it is used. Nothing of it can be seen outside, and
 * nothing is left when its owner ends, whichever way.
 */
export class NetworkBox {
  readonly server: Namespace;
  readonly links: readonly ClientLink[];

  private constructor(server: Namespace, links: readonly ClientLink[]) {
    this.server = server;
    this.links = links;
  }

  /** @throws {Error} that names a missing program, or the kernel's reason where it lets us make none */
  static async create({ clients, privileges }: NetworkBoxOptions): Promise<NetworkBox> {
    const programs = findPrograms();
    const server = await Namespace.create(programs, privileges);
    await ip(programs, server, 'link', 'set', 'lo', 'up');
    const links: ClientLink[] = [];
    const box = new NetworkBox(server, links);
    try {
      for (let index = 0; index < clients; index += 1) {
        const client = await server.createSibling();
        links.push(new ClientLink(programs, server, client, index));
        await links[index]?.connect();
      }
      return box;
    } catch (error) {
      await box.close();
      throw error;
    }
  }

  /** From now on the server passes on what one client sends to another. */
  async forward(): Promise<void> {
    await run(this.server.command(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']));
  }

  /** Idempotent. Whoever started processes inside ends them. */
  async close(): Promise<void> {
    await Promise.all(
      [this.server, ...this.links.map(({ client }) => client)].map((it) => it.close()),
    );
  }
}

/** The link between the server and one client: `down` is from the server to the client. */
export class ClientLink {
  readonly client: Namespace;
  /** The server's address on this link. It can be reached from the other clients too. */
  readonly serverAddress: string;
  readonly clientAddress: string;
  readonly #programs: Programs;
  readonly #ends: Record<Direction, { namespace: Namespace; device: string }>;
  readonly #bottlenecks: Partial<Record<Direction, Bottleneck>> = {};
  readonly #firewall: Firewall;
  #cut: Cut | null = null;

  /** @param index of the client, which its addresses are made of */
  constructor(programs: Programs, server: Namespace, client: Namespace, index: number) {
    this.client = client;
    this.#programs = programs;
    // The range for benchmarks between networks (RFC 2544), which no machine has a real use for.
    this.serverAddress = `198.18.${index}.1`;
    this.clientAddress = `198.18.${index}.2`;
    this.#ends = {
      down: { namespace: server, device: `client${index}` },
      up: { namespace: client, device: CLIENT_DEVICE },
    };
    const sides = [
      { ...this.#ends.down, portIs: 'dport' },
      { ...this.#ends.up, portIs: 'sport' },
    ] as const;
    this.#firewall = new Firewall(programs, sides, index);
  }

  /** Makes the link, once. */
  async connect(): Promise<void> {
    const { up, down } = this.#ends;
    const { client } = this;
    const peer = ['peer', 'name', up.device, 'netns', String(client.pid)];
    await this.#ip(down.namespace, 'link', 'add', 'name', down.device, 'type', 'veth', ...peer);
    await this.#ip(
      down.namespace,
      'address',
      'add',
      `${this.serverAddress}/24`,
      'dev',
      down.device,
    );
    await this.#ip(down.namespace, 'link', 'set', down.device, 'up');
    await this.#ip(client, 'link', 'set', 'lo', 'up');
    await this.#ip(client, 'address', 'add', `${this.clientAddress}/24`, 'dev', up.device);
    await this.#plugIn();
  }

  /** Nothing gets through any more, either way, until `restore()`. */
  async cut(how: Cut): Promise<void> {
    this.#cut = how;
    if (how === 'unplugged') return this.#ip(this.client, 'link', 'set', CLIENT_DEVICE, 'down');
    await Promise.all([this.#shape('down'), this.#shape('up')]);
  }

  async restore(): Promise<void> {
    const how = this.#cut;
    this.#cut = null;
    if (how === 'unplugged') return this.#plugIn();
    await Promise.all([this.#shape('down'), this.#shape('up')]);
  }

  /** Swallows this from now on, both ways, without a word to anybody, and nothing else; `[]`: nothing. */
  async forbid(all: readonly Forbidden[]): Promise<void> {
    await this.#firewall.forbid(all);
  }

  /** From now on; null: as wide as the machine can. What waits in the queue may be lost. */
  async setBottleneck(direction: Direction, bottleneck: Bottleneck | null): Promise<void> {
    if (bottleneck === null) delete this.#bottlenecks[direction];
    else this.#bottlenecks[direction] = bottleneck;
    await this.#shape(direction);
  }

  /** The kernel forgets an interface's routes with each time that it goes down. */
  async #plugIn(): Promise<void> {
    await this.#ip(this.client, 'link', 'set', CLIENT_DEVICE, 'up');
    await this.#ip(this.client, 'route', 'replace', 'default', 'via', this.serverAddress);
  }

  async #shape(direction: Direction): Promise<void> {
    const { namespace, device } = this.#ends[direction];
    const silent = this.#cut === 'silent';
    const discipline = silent ? ['blackhole'] : disciplineFor(this.#bottlenecks[direction]);
    const { tc } = this.#programs;
    await run(namespace.command([tc, 'qdisc', 'replace', 'dev', device, 'root', ...discipline]));
  }

  #ip(namespace: Namespace, ...words: string[]): Promise<void> {
    return ip(this.#programs, namespace, ...words);
  }
}

async function ip(programs: Programs, namespace: Namespace, ...words: string[]): Promise<void> {
  await run(namespace.command([programs.ip, ...words]));
}

function disciplineFor(bottleneck: Bottleneck | undefined): string[] {
  if (bottleneck === undefined) return ['pfifo', 'limit', '1000'];
  const { rate, burst = DEFAULT_BURST_BYTES, latency = DEFAULT_LATENCY_MS } = bottleneck;
  const bits = `${Math.round(rate)}bit`;
  return ['tbf', 'rate', bits, 'burst', String(burst), 'latency', `${latency}ms`];
}
