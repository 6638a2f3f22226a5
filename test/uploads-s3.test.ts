/** Uploads into a bucket. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startApp } from './support/app.ts';
import { makeClip } from './support/clip.ts';
import { ADMIN_TOKEN } from './support/going-live.ts';
import { startS3 } from './support/s3-server.ts';
import { sha256, Uploader } from './support/uploading.ts';

test('with S3 the original goes into the bucket, and nothing stays behind', async () => {
  const buckets = await mkdtemp(join(tmpdir(), 'sfumato-buckets-'));
  const s3 = await startS3(buckets);
  const { endpoint = '', bucket, accessKeyId, secretAccessKey } = s3.settings;
  const server = await startApp({
    ...{ ADMIN_TOKEN, S3_ENDPOINT: endpoint, S3_BUCKET: bucket },
    ...{ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
  });
  try {
    const uploader = new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
    const clip = readFileSync(await makeClip(server.folder));
    const asset = await uploader.settled(await uploader.send(clip, { filename: 'a.mp4' }));
    expect(asset).toMatchObject({ state: 'ready', bytes: clip.length, checksum: sha256(clip) });
    expect(readdirSync(join(server.folder, 'uploads'))).toEqual(['.place']);
    expect(readdirSync(server.folder)).not.toContain('media');
  } finally {
    await server.close();
    await s3.close();
    await rm(buckets, { recursive: true, force: true });
  }
});
