/**
 * Waits until packets of the first track have come (a remote track is muted until then,
 * https://www.w3.org/TR/webrtc/#mediastreamtrack), for `timeoutMs` at most.
 */
export async function firstPacket(tracks: MediaStreamTrack[], timeoutMs: number): Promise<void> {
  const track = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
  if (track === undefined || !track.muted) return;
  const done = new AbortController();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    track.addEventListener(
      'unmute',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { signal: done.signal },
    );
  });
  done.abort();
}
