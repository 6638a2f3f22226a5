import { type MediaKind, type MediaReader, openMediaReader } from './media-reader.ts';
import type { PumpOptions } from './pump-messages.ts';

/** Readers held for one stream, the picture's first. */
export type ReaderLease = { readers: readonly MediaReader[]; release(): void };

type Entry = { reader: Promise<MediaReader>; holders: number };

/** Streams of one file share its reader; the last one to leave closes it. */
export function createReaderPool() {
  const entries = new Map<string, Entry>();

  const take = (file: string, kind: MediaKind): Promise<MediaReader> => {
    const entry = entries.get(file) ?? { reader: openMediaReader(file, kind), holders: 0 };
    entry.holders += 1;
    entries.set(file, entry);
    return entry.reader;
  };

  const giveBack = async (file: string): Promise<void> => {
    const entry = entries.get(file);
    if (!entry) return;
    entry.holders -= 1;
    if (entry.holders > 0) return;
    entries.delete(file);
    const [opened] = await Promise.allSettled([entry.reader]);
    if (opened.status === 'fulfilled') opened.value.close();
  };

  return {
    /** @throws {Error} when a file cannot be read; nothing is held then. */
    async acquire(options: Pick<PumpOptions, 'video' | 'audio'>): Promise<ReaderLease> {
      const wanted: { file: string; kind: MediaKind }[] = [
        ...options.video.map(({ file }) => ({ file, kind: 'video' as const })),
        ...(options.audio ? [{ file: options.audio.file, kind: 'audio' as const }] : []),
      ];
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        for (const { file } of wanted) void giveBack(file);
      };
      const taking = wanted.map(({ file, kind }) => take(file, kind));
      try {
        return { readers: await Promise.all(taking), release };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}
