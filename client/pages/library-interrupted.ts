import { z } from 'zod';
import type { ChosenFile } from './library-files.ts';

/** An upload that an earlier visit began and did not end. */
export type Interrupted = {
  /** Where tus-js-client keeps its address. */
  key: string;
  fingerprint: string;
  name: string;
  handle: FileSystemFileHandle | undefined;
};

const PREFIX = 'tus::';
const keptSchema = z.object({
  uploadUrl: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
});
const STORE = 'handles';

/** By what a file is known again. The same file chosen again goes on where it was. */
export function fingerprintOf({
  name,
  type,
  size,
  lastModified,
  webkitRelativePath,
}: File): string {
  return ['sfumato', webkitRelativePath || name, type, size, lastModified].join('-');
}

/** Of what tus-js-client keeps (`tus::<fingerprint>::<number>`). */
export function keptUpload(key: string, value: string | null): Omit<Interrupted, 'handle'> | null {
  const end = key.lastIndexOf('::');
  if (!key.startsWith(`${PREFIX}sfumato-`) || end < PREFIX.length || value === null) return null;
  const kept = keptSchema.safeParse(parsed(value));
  if (!kept.success) return null;
  const fingerprint = key.slice(PREFIX.length, end);
  return { key, fingerprint, name: kept.data.metadata['filename'] ?? 'A file' };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Those that no tab is sending at present. */
export async function findInterrupted(): Promise<Interrupted[]> {
  const busy = await busyElsewhere();
  const kept = Object.keys(localStorage)
    .map((key) => keptUpload(key, localStorage.getItem(key)))
    .filter((one) => one !== null)
    .filter(({ fingerprint }) => !busy.has(lockName(fingerprint)));
  return Promise.all(
    kept.map(async (one) => ({ ...one, handle: await handleOf(one.fingerprint) })),
  );
}

/** Its address is forgotten; the server throws away what was sent of it in time. */
export async function forget({ key, fingerprint }: Interrupted): Promise<void> {
  localStorage.removeItem(key);
  await forgetHandle(fingerprint);
}

/** The file of a handle that was kept. It asks the person, where the browser wants that. @returns undefined where it is not to be had */
export async function reopened(handle: FileSystemFileHandle): Promise<ChosenFile | undefined> {
  try {
    const allowed = await handle.requestPermission?.({ mode: 'read' });
    if (allowed !== undefined && allowed !== 'granted') return undefined;
    return { file: await handle.getFile(), handle };
  } catch (error) {
    console.debug('sfumato: the file is not there any more', error);
    return undefined;
  }
}

function lockName(fingerprint: string): string {
  return `sfumato upload ${fingerprint}`;
}

/** Web Locks need HTTPS; without them two tabs may offer the same. */
async function busyElsewhere(): Promise<Set<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name ?? ''));
}

/** Other tabs see that it is being sent, until the returned function is called or this tab is gone. */
export function holdUpload(fingerprint: string): () => void {
  if (!('locks' in navigator)) return () => undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  navigator.locks
    .request(lockName(fingerprint), { ifAvailable: true }, () => promise)
    .catch((error: unknown) => console.debug('sfumato: lock', error));
  return resolve;
}

export async function keepHandle(
  fingerprint: string,
  handle: FileSystemFileHandle | undefined,
): Promise<void> {
  if (handle !== undefined)
    await withStore('readwrite', (store) => settled(store.put(handle, fingerprint)));
}

export async function forgetHandle(fingerprint: string): Promise<void> {
  await withStore('readwrite', (store) => settled(store.delete(fingerprint)));
}

async function handleOf(fingerprint: string): Promise<FileSystemFileHandle | undefined> {
  const kept = await withStore('readonly', (store) => settled<unknown>(store.get(fingerprint)));
  return 'FileSystemFileHandle' in window && kept instanceof FileSystemFileHandle
    ? kept
    : undefined;
}

/** Handles are a convenience: where IndexedDB is not to be had (private windows), files are chosen again. */
async function withStore(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => Promise<unknown>,
): Promise<unknown> {
  try {
    const db = await openStore();
    const answer = await work(db.transaction(STORE, mode).objectStore(STORE));
    db.close();
    return answer;
  } catch (error) {
    console.debug('sfumato: handles', error);
    return undefined;
  }
}

function openStore(): Promise<IDBDatabase> {
  const request = indexedDB.open('sfumato-uploads', 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
}
