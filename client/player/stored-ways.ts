import { NativeHlsSource } from './native-hls-source.ts';
import type { StoredSource, StoredSourceOptions } from './stored-source.ts';

/**
 * Opens the best way that this browser has: HLS over Media Source Extensions, whose code is fetched now, else the
 * browser's own HLS.
 *
 * @throws when the browser has neither
 */
export async function openStoredSource(options: StoredSourceOptions): Promise<StoredSource> {
  if ('MediaSource' in globalThis || 'ManagedMediaSource' in globalThis) {
    const { HlsSource } = await import('./hls-source.ts');
    if (HlsSource.isSupported) return new HlsSource(options);
  }
  if (options.video.canPlayType('application/vnd.apple.mpegurl') === '') {
    throw new Error('neither Media Source Extensions nor HLS');
  }
  return new NativeHlsSource(options);
}
