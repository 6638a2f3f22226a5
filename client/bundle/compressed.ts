import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);

/** Smaller ones fit into one packet as they are, bytes. */
const LEAST = 1024;

/**
 * Brotli (RFC 7932) at its best beside every script and style sheet, `NAME.br`: there is no time for it at each
 * request, and it is a tenth less than what there is time for.
 */
export const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle: {
    sequential: true,
    async handler({ dir }) {
      if (dir === undefined) return;
      const files = await readdir(dir, { recursive: true });
      const texts = files.filter((file) => /\.(js|css|svg)$/.test(file));
      await Promise.all(texts.map((file) => writeCompressed(join(dir, file))));
    },
  },
};

async function writeCompressed(path: string): Promise<void> {
  const text = await readFile(path);
  if (text.length < LEAST) return;
  const params = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  await writeFile(`${path}.br`, await compress(text, { params }));
}
