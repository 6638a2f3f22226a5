import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig({
  plugins: [commonHead],
  root: here('./client/pages'),
  publicDir: here('./client/pages/public'),
  base: '/',
  build: {
    outDir: here('./dist/client'),
    emptyOutDir: true,
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
