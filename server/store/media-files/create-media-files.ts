import { join } from 'node:path';
import { createDiskMediaFiles } from './disk-media-files.ts';
import type { MediaFiles } from './media-files.ts';
import { createS3MediaFiles, type S3Settings } from './s3-media-files.ts';

/** In a bucket where one is named, else below the data folder. */
export function createMediaFiles(options: {
  dataDir: string;
  s3: S3Settings | undefined;
}): Promise<MediaFiles> {
  const { dataDir, s3 } = options;
  if (s3) return createS3MediaFiles(s3, join(dataDir, 'scratch', 's3'));
  return createDiskMediaFiles(join(dataDir, 'media'));
}
