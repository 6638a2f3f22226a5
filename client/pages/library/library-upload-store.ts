import type { UploadOptions } from 'tus-js-client';
import * as z from 'zod';

type UrlStorage = NonNullable<UploadOptions['urlStorage']>;

const STORES = ['handles', 'uploads'] as const;
type Store = (typeof STORES)[number];
const VERSION = 2;

const keptSchema = z.object({
  fingerprint: z.string(),
  uploadUrl: z.string(),
  metadata: z.record(z.string(), z.string()),
  size: z.number().nullable(),
  creationTime: z.string(),
});

/** An upload that was begun: whose, and where the server takes it. */
export type KeptUpload = z.output<typeof keptSchema>;

/** @returns null for what was not kept by this version */
export function keptUpload(value: unknown): KeptUpload | null {
  return keptSchema.safeParse(value).data ?? null;
}

export async function keptUploads(): Promise<KeptUpload[]> {
  const values = await withStore('uploads', 'readonly', (store) => store.getAll());
  return (values ?? []).map(keptUpload).filter((one) => one !== null);
}

export async function forgetUpload(fingerprint: string): Promise<void> {
  await withStore('uploads', 'readwrite', (store) => store.delete(fingerprint));
}

/**
 * For tus-js-client, which would use `localStorage`: Chromium keeps that in memory for seconds to minutes, and
 * loses it when it is killed. Here it is written before the first byte is sent. One for each file.
 */
export const uploadStorage: UrlStorage = {
  findAllUploads: async () => (await keptUploads()).map(asPrevious),
  findUploadsByFingerprint: async (fingerprint) => {
    const value = await withStore('uploads', 'readonly', (store) => store.get(fingerprint));
    const kept = keptUpload(value);
    return kept === null ? [] : [asPrevious(kept)];
  },
  removeUpload: forgetUpload,
  addUpload: async (fingerprint, { uploadUrl, metadata, size, creationTime }) => {
    const kept = { fingerprint, uploadUrl, metadata, size, creationTime };
    await withStore('uploads', 'readwrite', (store) => store.put(kept, fingerprint));
    return fingerprint;
  },
};

function asPrevious(kept: KeptUpload) {
  return { ...kept, urlStorageKey: kept.fingerprint, parallelUploadUrls: null };
}

export async function keepHandle(
  fingerprint: string,
  handle: FileSystemFileHandle | undefined,
): Promise<void> {
  if (handle === undefined) return;
  await withStore('handles', 'readwrite', (store) => store.put(handle, fingerprint));
}

export async function forgetHandle(fingerprint: string): Promise<void> {
  await withStore('handles', 'readwrite', (store) => store.delete(fingerprint));
}

export async function handleOf(fingerprint: string): Promise<FileSystemFileHandle | undefined> {
  const kept: unknown = await withStore('handles', 'readonly', (store) => store.get(fingerprint));
  return 'FileSystemFileHandle' in window && kept instanceof FileSystemFileHandle
    ? kept
    : undefined;
}

/**
 * Resolves when it is on the disk (Indexed Database API 3.0, "durability"). All this is a convenience: where
 * IndexedDB is not to be had (private windows), files are sent, and begin anew on the next visit.
 */
async function withStore<T>(
  name: Store,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const db = await openDatabase();
    const transaction = db.transaction(name, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(name));
    // What is under way is still done.
    db.close();
    const [answer] = await Promise.all([settled(request), completed(transaction)]);
    return answer;
  } catch (error) {
    console.debug('sfumato: what is kept of uploads', error);
    return undefined;
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('sfumato-uploads', VERSION);
  request.addEventListener('upgradeneeded', () => {
    const { result: db } = request;
    for (const name of STORES) {
      if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
    }
  });
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new Error('IndexedDB')),
    );
  });
}
