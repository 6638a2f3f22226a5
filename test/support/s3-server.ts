import { mkdir } from 'node:fs/promises';
import S3rver from 's3rver';
import type { S3Settings } from '../../server/store/media-files/s3-media-files.ts';
import { freePort } from './free-port.ts';

/** A server that speaks S3, with one bucket, which keeps its objects in this folder. */
export async function startS3(
  directory: string,
): Promise<{ settings: S3Settings; close(): Promise<void> }> {
  await mkdir(directory, { recursive: true });
  const port = await freePort();
  const address = '127.0.0.1';
  const configureBuckets = [{ name: 'library', configs: [] }];
  const server = new S3rver({ port, address, silent: true, directory, configureBuckets });
  await server.run();
  const settings = {
    ...{ endpoint: `http://${address}:${port}`, region: 'us-east-1', bucket: 'library' },
    // The only key that this server knows.
    ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', prefix: 'of-sfumato/' },
  };
  return { settings, close: () => server.close() };
}
