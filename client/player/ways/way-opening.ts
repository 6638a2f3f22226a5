import { withSite } from '../access/site-around.ts';
import { NativeHlsSource } from '../stored/native-hls-source.ts';
import { NoWebRtc } from '../session/no-web-rtc.ts';
import { warmUpDoor } from '../session/session-door.ts';
import type { StoredSource, StoredSourceOptions } from '../stored/stored-source.ts';
import type { Way, WayFailure } from './way-choice.ts';
import type { WayToServer } from './way-probe.ts';

/** Until media can flow over WebRTC: what is left of three seconds is for HLS to begin. Milliseconds. */
const PATIENCE_MS = 2_000;
/** After this it is worth having the code for HLS at hand. Milliseconds. */
const HESITATION_MS = 800;

/** The server that an Asset comes from, as WebRTC has to know it. */
export function serverOf({ url, asset }: Pick<StoredSourceOptions, 'url' | 'asset'>): WayToServer {
  const signalUrl = new URL('/signal', url);
  signalUrl.protocol = signalUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  return { assetId: asset.id, signalUrl: withSite(signalUrl.href) };
}

/**
 * Opens one way; its code is fetched now.
 *
 * @throws NoWebRtc, or whatever says that this way cannot be
 */
export async function openWay(
  way: Way,
  options: StoredSourceOptions,
  signal: AbortSignal,
): Promise<StoredSource> {
  if (way === 'webrtc') return openWebRtc(options, signal);
  if (way === 'nativeHls') return new NativeHlsSource(options);
  const { HlsSource } = await import('../stored/hls-source.ts');
  if (!HlsSource.isSupported) throw new Error('no Media Source Extensions');
  signal.throwIfAborted();
  return new HlsSource(options);
}

/** @returns its undo */
export async function warmUpWebRtc(
  about: Pick<StoredSourceOptions, 'url' | 'asset'>,
): Promise<() => void> {
  const undo = warmUpDoor(serverOf(about).signalUrl);
  try {
    const { WebRtcSource } = await import('../session/web-rtc-source.ts');
    if (!WebRtcSource.isSupported) undo();
    return undo;
  } catch (error) {
    undo();
    throw error;
  }
}

/** What there is to say of a WebRTC that could not be opened. */
export function failureOf(error: unknown): WayFailure {
  if (!(error instanceof NoWebRtc)) return 'notSupported';
  const { reason, code } = error;
  if (reason !== 'refused') return reason;
  return code === 'noRoom' || code === 'overloaded' ? 'noRoom' : 'refused';
}

async function openWebRtc(
  options: StoredSourceOptions,
  signal: AbortSignal,
): Promise<StoredSource> {
  const hesitation = setTimeout(() => void import('../stored/hls-source.ts'), HESITATION_MS);
  const server = serverOf(options);
  // The server answers while the code is fetched.
  const undo = warmUpDoor(server.signalUrl);
  try {
    const { WebRtcSource } = await import('../session/web-rtc-source.ts');
    if (!WebRtcSource.isSupported) throw new NoWebRtc('notSupported');
    return await WebRtcSource.open({ ...options, ...server, signal, patienceMs: PATIENCE_MS });
  } finally {
    clearTimeout(hesitation);
    // Unless it was taken.
    undo();
  }
}
