/** A folder that the server watches: what lies in it can be watched, where it lies. */
import { copyFile, mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { assetSchema } from '../signaling/contract/index.ts';
import { startApp, type TestApp } from './support/app.ts';
import { makeClip } from './support/clip.ts';
import { freshDatabase } from './support/databases.ts';
import { ADMIN_TOKEN } from './support/going-live.ts';
import { until } from './support/live-server.ts';
import { Uploader } from './support/uploading.ts';

const listSchema = z.object({ assets: z.array(assetSchema) });
let base: string;
let folder: string;
let server: TestApp | undefined;
/** The same after a restart. */
let database: { DATABASE_URL: string };

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sfumato-import-'));
  database = await freshDatabase();
  folder = join(base, 'films');
  await mkdir(join(folder, 'Holidays; rm -rf $HOME'), { recursive: true });
});
afterEach(async () => {
  await server?.close();
  await rm(base, { recursive: true, force: true });
});

async function start(settings: Record<string, string>): Promise<Uploader> {
  const all = { DATA_DIR: join(base, 'data'), LIBRARY_IMPORT_DIR: folder, ADMIN_TOKEN };
  server = await startApp({ ...all, ...database, ...settings });
  return new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
}

async function readyOnes(client: Uploader, count: number) {
  let assets: z.infer<typeof listSchema>['assets'] = [];
  await until(async () => {
    ({ assets } = listSchema.parse(await client.get('/assets?sort=title')));
    return assets.length === count && assets.every(({ state }) => state === 'ready');
  });
  return assets;
}

test.each(['copy', 'in-place'])(
  '%s: what is there and what comes later is prepared',
  async (mode) => {
    const clip = await makeClip(base);
    const first = join(folder, 'Holidays; rm -rf $HOME', '-i First one.mp4');
    await copyFile(clip, first);
    const settings = { LIBRARY_IMPORT_MODE: mode, LIBRARY_IMPORT_VISIBILITY: 'public' };
    const client = await start(settings);
    const [asset] = await readyOnes(client, 1);
    expect(asset).toMatchObject({ title: '-i First one', visibility: 'public', watchable: true });
    await copyFile(clip, join(folder, 'second.mp4'));
    await readyOnes(client, 2);
    const kept = join(base, 'data', 'media', asset?.id ?? '');
    if (mode === 'in-place') expect(await readlink(join(kept, 'original'))).toBe(first);
    else await expect(readlink(join(kept, 'original'))).rejects.toThrow('EINVAL');
    // Nothing that was made goes with what is taken away.
    await rm(first);
    expect(await readdir(kept)).toContain('video-0.mp4');
    // After a restart they are known.
    await server?.close();
    const again = await start(settings);
    await copyFile(clip, join(folder, 'third.mp4'));
    const titles = (await readyOnes(again, 3)).map(({ title }) => title);
    expect(titles).toEqual(['-i First one', 'second', 'third']);
  },
);
