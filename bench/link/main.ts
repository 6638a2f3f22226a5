/**
 * A link to try things on: `node bench/link/main.ts --listen 127.0.0.2:40000 --to 127.0.0.1:40000
 * --rate 500k --delay 40`. Docs: docs/bench.md.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type LinkShape, parseShape, SHAPE_WORDS } from './link-shape.ts';
import { createUdpRelay, type Direction, type Endpoint, type UdpRelay } from './udp-relay.ts';

const USAGE = `node bench/link/main.ts --listen IP:PORT --to IP:PORT [shape]

  A shape, for both directions or, as --down-rate or --up-loss, for one (down: from the server):
    --rate 500k          bits a second
    --burst 3000         bytes that may pass at once
    --queue 200ms|64k    what waits before packets are dropped, time or bytes
    --delay 40           milliseconds, one way
    --jitter 10          milliseconds more, at random
    --loss 1%            lost
    --reorder 1%         held back by --reorder-delay (20 ms) and overtaken

  While it runs, a line on stdin changes it: "down rate 300k loss 2%", "up delay off", "rate off".
  "stats" prints the counters, "quit" ends.`;

const DIRECTIONS = ['down', 'up'] as const satisfies readonly Direction[];

function parseEndpoint(text: string | undefined): Endpoint {
  const match = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(text ?? '');
  if (match?.[1] === undefined) throw new Error(`${text} is no IP:PORT.`);
  return { ip: match[1], port: Number(match[2]) };
}

type Arguments = {
  listen: Endpoint;
  upstream: Endpoint;
  shapes: Record<Direction, LinkShape>;
};

function parseCommandLine(args: string[]): Arguments {
  const names = ['listen', 'to', ...SHAPE_WORDS.flatMap((word) => wordsFor(word))];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  const shapeOf = (direction: Direction): LinkShape => {
    const words = SHAPE_WORDS.flatMap((word) => {
      const text = values[`${direction}-${word}`] ?? values[word];
      return text === undefined ? [] : [[word, text]];
    });
    return parseShape(Object.fromEntries(words));
  };
  return {
    listen: parseEndpoint(values['listen']),
    upstream: parseEndpoint(values['to']),
    shapes: { down: shapeOf('down'), up: shapeOf('up') },
  };
}

const wordsFor = (word: string): string[] => [word, `down-${word}`, `up-${word}`];

/** "down rate 300k loss 2%" changes only what it names. */
function applyLine(relay: UdpRelay, line: string): void {
  const words = line.trim().split(/\s+/);
  const named = DIRECTIONS.find((direction) => direction === words[0]);
  const pairs = named === undefined ? words : words.slice(1);
  const change: Record<string, string> = {};
  for (let index = 0; index < pairs.length; index += 2) {
    change[pairs[index] ?? ''] = pairs[index + 1] ?? '';
  }
  for (const direction of named === undefined ? DIRECTIONS : [named]) {
    relay.setShape(direction, { ...relay.shape(direction), ...parseShape(change) });
    console.log(direction, relay.shape(direction));
  }
}

/** Resolved by "quit" or a signal; the end of stdin ends nothing, for it may be closed from the start. */
function untilAskedToEnd(relay: UdpRelay): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line.trim() === 'quit') resolve();
    else if (line.trim() === 'stats') console.log(relay.counters());
    else if (line.trim() !== '') tryLine(relay, line);
  });
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
  return promise;
}

async function run({ listen, upstream, shapes }: Arguments): Promise<void> {
  const relay = await createUdpRelay({ listen, upstream, ...shapes });
  console.log(`${relay.ip}:${relay.port} -> ${upstream.ip}:${upstream.port}`, shapes);
  await untilAskedToEnd(relay);
  console.log(relay.counters());
  await relay.close();
  process.stdin.destroy();
}

function tryLine(relay: UdpRelay, line: string): void {
  try {
    applyLine(relay, line);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

try {
  await run(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 1;
}
