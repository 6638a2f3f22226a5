import { SfumatoError } from '../../../signaling/contract/index.ts';
import { notMedia } from '../media-names.ts';
import type { Usage } from './upload-records.ts';

export interface UploadLimits {
  /** The largest file, bytes. */
  maxBytes: number;
  /** Uploads that one person may have begun and not finished. */
  maxUnfinished: number;
  /** Of all originals together, bytes. */
  quotaBytes: number | undefined;
  maxAssets: number | undefined;
}

/** Left free on the disk, so that the database can go on and things can be deleted. Bytes. */
export const KEPT_FREE_BYTES = 32 * 1024 * 1024;

/** What is asked for. */
export interface Announced {
  filename: string;
  /** Media type, as the client says it. */
  filetype?: string | undefined;
  bytes: number;
}

/**
 * Why a file need not be sent.
 *
 * @throws SfumatoError `unsupportedMedia` for what is no media file by its name, `tooLarge`
 */
export function demandAcceptable({ filename, filetype, bytes }: Announced, limits: UploadLimits) {
  const what = notMedia(filename, filetype);
  if (what !== undefined) {
    throw new SfumatoError('unsupportedMedia', `No player could show it: it is ${what}.`, {
      hint: 'The library takes video, audio and images.',
    });
  }
  if (bytes === 0) throw new SfumatoError('unsupportedMedia', 'The file is empty.');
  if (bytes > limits.maxBytes) {
    const message = `The file is too large: ${inWords(bytes)} of at most ${inWords(limits.maxBytes)}.`;
    throw new SfumatoError('tooLarge', message, { hint: 'UPLOAD_MAX_BYTES is the limit.' });
  }
}

/**
 * @param free on the disk, bytes
 * @throws SfumatoError `noRoom`, `tooMany`
 */
export function demandRoom(bytes: number, usage: Usage, free: number, limits: UploadLimits): void {
  const { maxUnfinished, quotaBytes, maxAssets } = limits;
  if (usage.unfinished >= maxUnfinished) {
    throw new SfumatoError('tooMany', `${usage.unfinished} uploads are unfinished already.`, {
      hint: 'Finish some of them or end them. UPLOAD_MAX_UNFINISHED is the limit.',
    });
  }
  if (maxAssets !== undefined && usage.assets >= maxAssets) {
    throw noRoom(`The library is full: it has ${usage.assets} Assets.`, 'LIBRARY_MAX_ASSETS');
  }
  if (quotaBytes !== undefined && usage.bytes + bytes > quotaBytes) {
    const left = Math.max(0, quotaBytes - usage.bytes);
    const message = `There is room for ${inWords(left)} in the library, not for ${inWords(bytes)}.`;
    throw noRoom(message, 'LIBRARY_QUOTA_BYTES');
  }
  const left = Math.max(0, free - KEPT_FREE_BYTES);
  if (bytes > left) {
    const message = `There is room for ${inWords(left)} on the server’s disk, not for ${inWords(bytes)}.`;
    throw new SfumatoError('noRoom', message, { hint: 'Make room on the disk of DATA_DIR.' });
  }
}

export function diskFull(cause?: unknown): SfumatoError {
  return new SfumatoError('noRoom', 'The server’s disk is full.', {
    cause,
    hint: 'What has come is kept: the upload goes on when there is room.',
  });
}

function noRoom(message: string, setting: string): SfumatoError {
  return new SfumatoError('noRoom', message, {
    hint: `Delete what is not needed. ${setting} is the limit.`,
  });
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** For people: decimal units, as disks are sold and pages show them. */
function inWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[power]}`;
}
