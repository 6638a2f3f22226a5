import type { ChosenFile } from './library-files.ts';
import { forgetHandle, forgetUpload, handleOf, keptUploads } from './library-upload-store.ts';

/** An upload that an earlier visit began and did not end. */
export type Interrupted = {
  fingerprint: string;
  name: string;
  handle: FileSystemFileHandle | undefined;
};

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

/** Those that no tab is sending at present. */
export async function findInterrupted(): Promise<Interrupted[]> {
  const busy = await busyElsewhere();
  const kept = await keptUploads();
  return Promise.all(
    kept
      .filter(({ fingerprint }) => !busy.has(lockName(fingerprint)))
      .map(async ({ fingerprint, metadata }) => ({
        fingerprint,
        name: metadata['filename'] ?? 'A file',
        handle: await handleOf(fingerprint),
      })),
  );
}

/** Its address is forgotten; the server throws away what was sent of it in time. */
export async function forget({ fingerprint }: Interrupted): Promise<void> {
  await forgetUpload(fingerprint);
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
