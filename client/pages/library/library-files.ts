/** A file that somebody chose; the handle, where the browser has one, finds it again after a restart. */
export type ChosenFile = { file: File; handle?: FileSystemFileHandle | undefined };

/** File System Access (WICG), of Chromium: TypeScript does not know it. */
declare global {
  interface Window {
    showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
  }
  interface DataTransferItem {
    getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
  }
  interface FileSystemDirectoryHandle {
    values(): AsyncIterable<FileSystemHandle>;
  }
  interface FileSystemHandle {
    requestPermission?: (options: { mode: 'read' }) => Promise<PermissionState>;
  }
}

/** What systems put into folders for themselves. */
const NOT_MEANT = /^(?:\.|Thumbs\.db$|desktop\.ini$)/i;

export function isMeant({ file }: ChosenFile): boolean {
  return !NOT_MEANT.test(file.name);
}

/** Of a drop: files, and those in folders, however deep. To be called while the event is handled. */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  // Items are there during the event only, so everything of them is taken before the first wait.
  const taken = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({
      handle: item.getAsFileSystemHandle?.(),
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }));
  const found = await Promise.all(taken.map(filesOfItem));
  return found.flat().filter(isMeant);
}

type Taken = {
  handle: Promise<FileSystemHandle | null> | undefined;
  entry: FileSystemEntry | null;
  file: File | null;
};

async function filesOfItem({ handle, entry, file }: Taken): Promise<ChosenFile[]> {
  try {
    const known = await handle;
    if (known !== undefined && known !== null) return await filesOfHandle(known);
  } catch (error) {
    // Allowed to be dropped, but not to be kept: the file is there all the same.
    console.debug('sfumato: no handle', error);
  }
  if (entry?.isDirectory === true) return filesOfEntry(entry);
  return file === null ? [] : [{ file }];
}

async function filesOfHandle(handle: FileSystemHandle): Promise<ChosenFile[]> {
  if (handle instanceof FileSystemFileHandle) return [{ file: await handle.getFile(), handle }];
  if (!(handle instanceof FileSystemDirectoryHandle)) return [];
  const files: ChosenFile[] = [];
  for await (const child of handle.values()) files.push(...(await filesOfHandle(child)));
  return files;
}

async function filesOfEntry(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry instanceof FileSystemFileEntry) {
    return [{ file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const files: ChosenFile[] = [];
  for (const child of await childrenOf(entry)) files.push(...(await filesOfEntry(child)));
  return files;
}

/** The reader gives them by the hundred, and nothing when there are no more. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}

/** Asks for files in the system's dialog, with handles. @returns undefined where the browser has no such dialog */
export async function pickFiles(): Promise<ChosenFile[] | undefined> {
  if (window.showOpenFilePicker === undefined) return undefined;
  try {
    const handles = await window.showOpenFilePicker({ multiple: true });
    return await Promise.all(
      handles.map(async (handle) => ({ file: await handle.getFile(), handle })),
    );
  } catch (error) {
    if (Reflect.get(Object(error), 'name') === 'AbortError') return [];
    console.debug('sfumato: no file picker', error);
    return undefined;
  }
}
