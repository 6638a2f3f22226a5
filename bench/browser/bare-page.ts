/**
 * Runs in the page, handed over as text: nothing in a function may come from outside it. Two peer
 * connections in one page and nothing between them: the floor under every figure of the browser.
 */

export type BareOptions = {
  width: number;
  height: number;
  framesPerSecond: number;
  /** What numbers look like: a string of `columns * rows` digits each, 1 for white. */
  codes: readonly string[];
  geometry: {
    columns: number;
    rows: number;
    cell: number;
    centerX: number;
    centerY: number;
  };
};

/** A source that is running, as a camera would be, before anybody asks for it. */
export type BareSource = {
  track: MediaStreamTrack;
  /** When each number was drawn last, milliseconds since the Unix epoch. */
  drawnMs: Map<number, number>;
};

export type BenchWindow = Window & {
  benchSources?: BareSource[];
  benchTone?: MediaStreamTrack;
  /** Every one that the page made since `watchConnections`. */
  benchPeers?: RTCPeerConnection[];
  benchSender?: RTCPeerConnection;
  benchReceiver?: RTCPeerConnection;
  /** What is measured, ours or the bare one. */
  benchVideo?: HTMLVideoElement;
  /** When the last peer connection was connected, milliseconds of the page's clock. */
  benchConnectedMs?: number;
};

/** Milliseconds from the start. */
export type FirstFrame = { firstFrameMs: number; connectedMs: number };

/** Notes when peer connections of this page are connected, whoever makes them. */
export function watchConnections(): void {
  const page: BenchWindow = window;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      page.benchPeers = [...(page.benchPeers ?? []), this];
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') page.benchConnectedMs = performance.now();
      });
    }
  };
}

/** Draws a numbered picture at its rate into a track, from now on. */
export async function startBareSource(options: BareOptions): Promise<void> {
  const { width, height, framesPerSecond, codes, geometry } = options;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  // Each frame goes into the track the moment that it is drawn; captureStream() would wait for the
  // compositor.
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  const drawnMs = new Map<number, number>();
  const side = geometry.cell * height;
  const left = geometry.centerX * width - (geometry.columns / 2) * side;
  const top = geometry.centerY * height - (geometry.rows / 2) * side;

  const draw = (frame: number): void => {
    const number = frame % codes.length;
    const code = codes[number] ?? '';
    context.fillStyle = `hsl(${frame % 360} 40% 40%)`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#ccc';
    context.fillRect(((frame * 8) % width) - 40, height * 0.2, 80, height * 0.3);
    context.fillStyle = '#000';
    context.fillRect(left - side, top - side, (geometry.columns + 2) * side, 4 * side);
    context.fillStyle = '#fff';
    for (let index = 0; index < code.length; index += 1) {
      if (code[index] !== '1') continue;
      const column = index % geometry.columns;
      const row = Math.floor(index / geometry.columns);
      context.fillRect(left + column * side, top + row * side, side, side);
    }
    const nowMs = performance.now();
    drawnMs.set(number, performance.timeOrigin + nowMs);
    const image = new VideoFrame(canvas, { timestamp: Math.round(nowMs * 1000) });
    writer.write(image).catch(() => image.close());
  };

  const startMs = performance.now();
  let frame = 0;
  const tick = (): void => {
    draw(frame);
    const due = Math.floor(((performance.now() - startMs) * framesPerSecond) / 1000) + 1;
    frame = Math.max(frame + 1, due);
    setTimeout(tick, startMs + (frame * 1000) / framesPerSecond - performance.now());
  };
  tick();
  const page: BenchWindow = window;
  page.benchSources = [...(page.benchSources ?? []), { track: generator, drawnMs }];
}

/**
 * Connects a sender and a receiver. @returns milliseconds from making them to the first frame on the
 * screen, and the codec that it came in
 */
export async function connectBare(): Promise<FirstFrame & { codec: string }> {
  const page: BenchWindow = window;
  const source = page.benchSources?.[0];
  if (source === undefined) throw new Error('no source');
  const video = document.createElement('video');
  video.muted = true;
  document.body.replaceChildren(video);
  page.benchVideo = video;
  const firstFrame = new Promise<number>((resolve) => {
    video.requestVideoFrameCallback((nowMs) => resolve(nowMs));
  });

  const startMs = performance.now();
  const sender = new RTCPeerConnection();
  const receiver = new RTCPeerConnection();
  page.benchSender = sender;
  page.benchReceiver = receiver;
  sender.onicecandidate = ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined);
  receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined);
  receiver.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    void video.play();
  };
  const transceiver = sender.addTransceiver(source.track, { direction: 'sendonly' });
  // As large as ours to the end: a smaller picture would be quicker.
  source.track.contentHint = 'detail';
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const isWanted = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec) =>
    mimeType === 'video/H264' && /42e01f/.test(sdpFmtpLine) && /ization-mode=1/.test(sdpFmtpLine);
  const wanted = codecs.filter(isWanted);
  const fallback = codecs.filter(({ mimeType }) => mimeType === 'video/VP8');
  transceiver.setCodecPreferences(wanted.length > 0 ? wanted : fallback);
  await sender.setLocalDescription();
  if (sender.localDescription !== null)
    await receiver.setRemoteDescription(sender.localDescription);
  await receiver.setLocalDescription();
  if (receiver.localDescription !== null)
    await sender.setRemoteDescription(receiver.localDescription);
  const firstFrameMs = (await firstFrame) - startMs;
  const connectedMs = (page.benchConnectedMs ?? Number.NaN) - startMs;
  return { firstFrameMs, connectedMs, codec: wanted.length > 0 ? 'H.264' : 'VP8' };
}

/** Sends the other source. @returns milliseconds to its first frame, known by its shape */
export async function switchBare(index: number): Promise<number> {
  const page: BenchWindow = window;
  const { benchVideo: video, benchSender: sender } = page;
  const source = page.benchSources?.[index];
  if (video === undefined || sender === undefined || source === undefined)
    throw new Error('no video');
  const before = video.videoWidth / video.videoHeight;
  const startMs = performance.now();
  const changed = new Promise<number>((resolve) => {
    const look = (nowMs: number, { width, height }: VideoFrameCallbackMetadata): void => {
      if (Math.abs(width / height - before) > 0.1) resolve(nowMs);
      else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
  await sender.getSenders()[0]?.replaceTrack(source.track);
  return (await changed) - startMs;
}

/** Round-trip time of the connection, milliseconds. */
export async function bareRoundTrip(): Promise<number> {
  const page: BenchWindow = window;
  const report = await page.benchReceiver?.getStats();
  for (const entry of report?.values() ?? []) {
    if (entry.type === 'candidate-pair' && entry.nominated === true) {
      return (entry.currentRoundTripTime ?? 0) * 1000;
    }
  }
  return 0;
}

/** When each number was drawn last, milliseconds since the Unix epoch. */
export function bareDrawnMs(): [number, number][] {
  const page: BenchWindow = window;
  return [...(page.benchSources?.[0]?.drawnMs ?? [])];
}
