import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/**
 * What packages name but no page of ours ever runs: by the file that names it. Our Devices are always given their
 * handler (client/player/receiving/receiving-device.ts), nobody sends data channels, and what mediasoup-client has for its tests
 * is no browser's.
 */
const NEVER_RUN: Record<string, RegExp> = {
  'mediasoup-client/lib/Device.js': /^\.\/handlers\//,
  'mediasoup-client/lib/Transport.js': /^\.\/Data(Producer|Consumer)$/,
  'mediasoup-client/lib/index.js': /^\.\/(handlers\/FakeHandler|test\/fakeParameters)$/,
};

/**
 * What a schema calls when it is made, for things that are not asked of it in a page: a description as JSON Schema,
 * values that contain themselves, which JSON cannot, and English sentences for what is wrong with a value, whose code
 * and path stay.
 */
const CALLED_FOR_NOTHING =
  /\/zod\/v4\/(core\/(json-schema-processors|memoizer|to-json-schema)|locales\/en)\.js$/;

const NOTHING = '\0nothing';
const SILENCE = '\0silence';

const SMALL_EVENTS = fileURLToPath(new URL('./small-events.ts', import.meta.url));

const VIRTUAL: Record<string, string> = {
  [NOTHING]: 'export {};',
  // The log of mediasoup-client, which nobody sees in a page that was built: `vite dev` has it.
  [SILENCE]: 'export default () => Object.assign(() => undefined, { enabled: false });',
};

/** Leaves out of the built pages what would only make them bigger. */
export const leftOut: Plugin = {
  name: 'left-out',
  apply: 'build',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source === 'debug') return SILENCE;
    if (source === 'events-alias') return SMALL_EVENTS;
    const from = Object.keys(NEVER_RUN).find((file) => importer?.endsWith(`/${file}`));
    return from !== undefined && NEVER_RUN[from]?.test(source) === true ? NOTHING : null;
  },
  load: (id) => VIRTUAL[id] ?? null,
  transform(code, id) {
    if (CALLED_FOR_NOTHING.test(id)) return hollow(code);
    if (id.endsWith('/zod/v4/classic/schemas.js')) return code.replaceAll(FORMAT_METHOD, '');
    const left = /\/(client|signaling)\/[^?]*\.ts$/.test(id) ? leftOutMethod(code) : undefined;
    if (left !== undefined) this.error(`z.string().${left}() is not in our pages: z.${left}() is.`);
    return null;
  },
};

/** A module with the same names, all of which do nothing. */
export function hollow(code: string): string {
  const names = [...code.matchAll(/^export (?:async )?(?:const|let|class|function) ([$\w]+)/gm)];
  const whole = /^export default /m.test(code) ? ['export default () => ({});'] : [];
  return [...whole, ...names.map(([, name]) => `export const ${name} = () => undefined;`)].join(
    '\n',
  );
}

/**
 * `z.string().email()` and two dozen like it, which bring every format into a page that has a string.
 * `z.email()` brings its own only.
 */
export const FORMAT_METHOD =
  /^ {4}\w+\(params\) \{\n {8}return this\.check\(core\._\w+\(Zod\w+, params\)\);\n {4}\},?\n/gm;

/** @returns the first of them that is called in a source of ours */
export function leftOutMethod(code: string): string | undefined {
  return /\bz\s*\.string\(\)[^;{}]*?\.(cidrv\d|cuid2?|email|emoji|guid|ipv\d|jwt|ulid|url|uuid(?:v\d)?)\(/.exec(
    code,
  )?.[1];
}
