import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { compressed } from './client/bundle/compressed.ts';
import { leftOut } from './client/bundle/left-out.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The server that `vite dev` passes everything but the pages on to. */
const SERVER = process.env['SFUMATO_SERVER'] ?? 'http://localhost:8080';

/** What the heads of our pages have in common stands in one file. */
const commonHead: Plugin = {
  name: 'common-head',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) =>
      html.replace('<!-- head -->', () => readFileSync(here('./client/pages/head.html'), 'utf8')),
  },
};

/** Scripts that pages of other sites ask for, by name. */
const OUTSIDE: Record<string, string> = {
  'embed-script': 'embed.js',
  'embed-sdk': 'embed-sdk.js',
};

/** Modules that are wanted together, by who wants them: a page that has some use for one of them has it for most. */
const FILES = [
  { name: 'preload', test: /vite\/preload-helper/, priority: 4 },
  { name: 'contract', test: /\/signaling\/contract\/|\/node_modules\/zod\//, priority: 3 },
  {
    name: 'lit',
    test: /\/node_modules\/(@lit|lit)|\/player\/(controls\/icons|layers)\.ts$/,
    priority: 3,
  },
  {
    name: 'connection',
    test: /\/signaling\/client\/|\/player\/receiving\/(certificate|receiving-device)\.ts$|\/mediasoup-client\/lib\/handlers\/(ortc|sdp)\//,
    priority: 2,
  },
  { name: 'sfumato-video', test: /\/player\/sfumato-(player|video)\.ts$/, priority: 1 },
];

export default defineConfig({
  plugins: [commonHead, leftOut, compressed],
  root: here('./client/pages'),
  publicDir: here('./client/pages/public'),
  base: '/',
  experimental: {
    // A script of ours on another site's page finds its other parts where it came from itself.
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'js' ? { relative: true } : undefined),
  },
  build: {
    outDir: here('./dist/client'),
    emptyOutDir: true,
    // What belongs to which page: test/embed-budget.test.ts adds it up.
    manifest: true,
    target: ['chrome111', 'firefox120', 'safari16.4'],
    // Every file by its own address: the content security policy allows no `data:` scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: here('./client/pages/index.html'),
        watch: here('./client/pages/watch.html'),
        embed: here('./client/pages/embed.html'),
        admin: here('./client/pages/admin.html'),
        library: here('./client/pages/library.html'),
        broadcast: here('./client/pages/broadcast.html'),
        'embed-script': here('./client/embed/embed-script.ts'),
        'embed-sdk': here('./client/embed-sdk/index.ts'),
      },
      // Their log is left out (`leftOut`), so nobody needs what it would have said.
      treeshake: { manualPureFunctions: ['logger.debug', 'logger.warn', 'logger.error'] },
      // What other sites name keeps its name.
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ name }) => OUTSIDE[name] ?? 'assets/[name]-[hash].js',
        // What a player needs for its first picture in few files: it compresses better than in many.
        codeSplitting: { groups: FILES },
      },
    },
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/signal': { target: SERVER, ws: true },
    },
  },
});
