import type { Page } from 'playwright-core';

/** Functions that run in a page, on the browser's bare RTCPeerConnection: no library of ours or others. */

export interface PagePublication {
  url: string;
  key: string;
  simulcast: boolean;
  /** Lower case, such as `video/h264`; the browser's first where undefined. */
  mimeType?: string;
  /** The camera's picture (see `useClockCamera`) in place of the canvas, 1280x720. */
  camera?: boolean;
}

/** Publishes a moving canvas and a tone by WHIP. @returns the session's address */
export async function publishFromPage(page: Page, options: PagePublication): Promise<string> {
  return await page.evaluate(async ({ url, key, simulcast, mimeType, camera }) => {
    // Chromium sends three Layers of a picture of at least this size.
    const [width, height] = simulcast ? [960, 540] : [640, 360];
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    let count = 0;
    setInterval(() => {
      count += 1;
      if (context === null) return;
      context.fillStyle = `hsl(${count % 360} 80% 50%)`;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'white';
      context.fillRect((count * 7) % 600, 100, 40, 40);
    }, 33);
    const audioContext = new AudioContext();
    const tone = audioContext.createOscillator();
    const sound = audioContext.createMediaStreamDestination();
    tone.connect(sound);
    tone.start();
    const stream = camera
      ? await navigator.mediaDevices.getUserMedia({ video: true })
      : canvas.captureStream(30);
    for (const track of sound.stream.getTracks()) stream.addTrack(track);
    const peer = new RTCPeerConnection();
    Object.assign(globalThis, { publisherPeer: peer });
    for (const track of stream.getAudioTracks()) {
      peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    }
    for (const track of stream.getVideoTracks()) {
      const layers = [
        { rid: 'h' },
        { rid: 'm', scaleResolutionDownBy: 2 },
        { rid: 'l', scaleResolutionDownBy: 4 },
      ];
      const video = peer.addTransceiver(track, {
        direction: 'sendonly',
        streams: [stream],
        ...(simulcast ? { sendEncodings: layers } : {}),
      });
      if (mimeType !== undefined) {
        const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
        const wanted = codecs.filter((codec) => codec.mimeType.toLowerCase() === mimeType);
        video.setCodecPreferences(wanted);
      }
    }
    await peer.setLocalDescription();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` },
      body: peer.localDescription?.sdp ?? '',
    });
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    return new URL(response.headers.get('location') ?? '', url).href;
  }, options);
}

export interface PageView {
  status: number;
  session: string;
}

/** Watches by WHEP in a `<video>`. */
export async function watchFromPage(page: Page, url: string): Promise<PageView> {
  return await page.evaluate(async (endpoint) => {
    const peer = new RTCPeerConnection();
    const stream = new MediaStream();
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    document.body.append(video);
    video.srcObject = stream;
    peer.addEventListener('track', ({ track }) => stream.addTrack(track));
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    Object.assign(globalThis, { viewerPeer: peer });
    await peer.setLocalDescription();
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: peer.localDescription?.sdp ?? '',
    });
    const { status } = response;
    if (status !== 201) return { status, session: '' };
    await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    return { status, session: new URL(response.headers.get('location') ?? '', endpoint).href };
  }, url);
}

export interface ReceivedFigures {
  framesDecoded: number;
  frameWidth: number;
  audioPackets: number;
}

/** What the viewer of `watchFromPage` has decoded so far. */
export async function receivedInPage(page: Page): Promise<ReceivedFigures> {
  return await page.evaluate(async () => {
    const peer: unknown = Reflect.get(globalThis, 'viewerPeer');
    const figures = { framesDecoded: 0, frameWidth: 0, audioPackets: 0 };
    if (!(peer instanceof RTCPeerConnection)) return figures;
    for (const stat of (await peer.getStats()).values()) {
      if (stat.type !== 'inbound-rtp') continue;
      if (stat.kind === 'audio') figures.audioPackets += stat.packetsReceived;
      // A changed SSRC is another entry: the frames of all count.
      else figures.framesDecoded += stat.framesDecoded ?? 0;
      figures.frameWidth = Math.max(figures.frameWidth, stat.frameWidth ?? 0);
    }
    return figures;
  });
}
