/**
 * Runs in the page, handed over as text: nothing in a function may come from outside it. One end of
 * a connection, whoever has the other: our server, a page, or this page.
 */
import type { BenchWindow, FirstFrame } from './bare-page.ts';

export type SenderOptions = {
  /** Such as `video/VP8`. */
  mimeType: string;
  /** Bits a second of the picture. */
  maxBitrate: number;
};

/** A tone that runs, as a microphone would, before anybody asks for it. */
export async function startTone(): Promise<void> {
  const page: BenchWindow = window;
  const context = new AudioContext();
  const tone = context.createOscillator();
  const sound = context.createMediaStreamDestination();
  tone.connect(sound);
  tone.start();
  const [track] = sound.stream.getAudioTracks();
  if (track !== undefined) page.benchTone = track;
}

/** In place of camera and microphone, for a page that asks for these. */
export function replaceDevices(): void {
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    const page: BenchWindow = window;
    const track = wishes?.video ? page.benchSources?.[0]?.track : page.benchTone;
    if (track === undefined) throw new Error('no source');
    return new MediaStream([track]);
  };
}

/** Sends the picture, and the tone where it runs. @returns the offer, with every candidate in it */
export async function makeSender({ mimeType, maxBitrate }: SenderOptions): Promise<string> {
  const page: BenchWindow = window;
  const picture = page.benchSources?.[0]?.track;
  const sound = page.benchTone;
  if (picture === undefined) throw new Error('no source');
  // As our broadcast page does with a camera's.
  picture.contentHint = 'motion';
  const streams = [new MediaStream([picture])];
  const sender = new RTCPeerConnection();
  page.benchSender = sender;
  if (sound !== undefined) sender.addTransceiver(sound, { direction: 'sendonly', streams });
  const sendEncodings = [{ maxBitrate }];
  const video = sender.addTransceiver(picture, { direction: 'sendonly', streams, sendEncodings });
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const isWanted = (codec: RTCRtpCodec) => [mimeType, 'video/rtx'].includes(codec.mimeType);
  video.setCodecPreferences(codecs.filter(isWanted));
  // A smaller picture would be quicker.
  const parameters = video.sender.getParameters();
  parameters.degradationPreference = 'maintain-resolution';
  await video.sender.setParameters(parameters);
  await sender.setLocalDescription();
  while (sender.iceGatheringState !== 'complete') {
    await new Promise((resolve) => {
      sender.addEventListener('icegatheringstatechange', resolve, { once: true });
    });
  }
  return sender.localDescription?.sdp ?? '';
}

/** Shows what the offer brings. @returns the answer, with every candidate in it */
export async function makeReceiver(offer: string): Promise<string> {
  const page: BenchWindow = window;
  const video = document.createElement('video');
  video.autoplay = true;
  document.body.replaceChildren(video);
  page.benchVideo = video;
  const stream = new MediaStream();
  video.srcObject = stream;
  const receiver = new RTCPeerConnection();
  page.benchReceiver = receiver;
  receiver.ontrack = (event) => {
    // As our player does.
    event.receiver.jitterBufferTarget = 0;
    stream.addTrack(event.track);
  };
  await receiver.setRemoteDescription({ type: 'offer', sdp: offer });
  await receiver.setLocalDescription();
  while (receiver.iceGatheringState !== 'complete') {
    await new Promise((resolve) => {
      receiver.addEventListener('icegatheringstatechange', resolve, { once: true });
    });
  }
  return receiver.localDescription?.sdp ?? '';
}

/** What the other end answered. */
export async function takeAnswer(answer: string): Promise<void> {
  const page: BenchWindow = window;
  await page.benchSender?.setRemoteDescription({ type: 'answer', sdp: answer });
}

/** Resolves with the first frame that the page shows. */
export async function untilFirstFrame(): Promise<void> {
  const page: BenchWindow = window;
  await new Promise((resolve) => page.benchVideo?.requestVideoFrameCallback(resolve));
}

/** Milliseconds since the Unix epoch, by the page's clock. */
export type WhipTimes = { postedMs: number; answeredMs: number; session: string };

/** The sender's offer to our WHIP endpoint. */
export async function postOffer({ url, key }: { url: string; key: string }): Promise<WhipTimes> {
  const page: BenchWindow = window;
  const sender = page.benchSender;
  if (sender === undefined) throw new Error('no sender');
  const postedMs = performance.timeOrigin + performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` },
    body: sender.localDescription?.sdp ?? '',
  });
  const text = await response.text();
  const answeredMs = performance.timeOrigin + performance.now();
  if (response.status !== 201) throw new Error(`${response.status}: ${text}`);
  await sender.setRemoteDescription({ type: 'answer', sdp: text });
  const session = new URL(response.headers.get('location') ?? '', url).href;
  return { postedMs, answeredMs, session };
}

/** Milliseconds from the start. */
export type DirectTimes = { connectedMs: number; firstFrameMs: number };

/** Hands the sender's offer to a receiver in the same page: nothing lies between the two. */
export async function connectInPage(): Promise<DirectTimes> {
  const page: BenchWindow = window;
  const sender = page.benchSender;
  const offer = sender?.localDescription;
  if (sender === undefined || !offer) throw new Error('no sender');
  const video = document.createElement('video');
  video.autoplay = true;
  document.body.replaceChildren(video);
  const stream = new MediaStream();
  video.srcObject = stream;
  const firstFrame = new Promise<number>((resolve) => {
    video.requestVideoFrameCallback((nowMs) => resolve(nowMs));
  });
  const startMs = performance.now();
  const receiver = new RTCPeerConnection();
  const connected = new Promise<number>((resolve) => {
    receiver.addEventListener('connectionstatechange', () => {
      if (receiver.connectionState === 'connected') resolve(performance.now());
    });
  });
  receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined);
  receiver.ontrack = ({ track }) => stream.addTrack(track);
  await receiver.setRemoteDescription(offer);
  await receiver.setLocalDescription();
  const answer = receiver.localDescription;
  if (answer !== null) await sender.setRemoteDescription(answer);
  return {
    connectedMs: (await connected) - startMs,
    firstFrameMs: (await firstFrame) - startMs,
  };
}

export type WhepTimes = FirstFrame & { answeredMs: number };

/** @returns milliseconds from the start to the first frame, as a WHEP player goes about it */
export async function watchByWhep(url: string): Promise<WhepTimes> {
  const page: BenchWindow = window;
  const video = document.createElement('video');
  video.autoplay = true;
  document.body.replaceChildren(video);
  const firstFrame = new Promise<number>((resolve) => {
    video.requestVideoFrameCallback((nowMs) => resolve(nowMs));
  });
  const startMs = performance.now();
  const stream = new MediaStream();
  video.srcObject = stream;
  const receiver = new RTCPeerConnection();
  receiver.ontrack = ({ track }) => stream.addTrack(track);
  receiver.addTransceiver('audio', { direction: 'recvonly' });
  receiver.addTransceiver('video', { direction: 'recvonly' });
  await receiver.setLocalDescription();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: receiver.localDescription?.sdp ?? '',
  });
  const text = await response.text();
  const answeredMs = performance.now() - startMs;
  if (response.status !== 201) throw new Error(`${response.status}: ${text}`);
  await receiver.setRemoteDescription({ type: 'answer', sdp: text });
  const firstFrameMs = (await firstFrame) - startMs;
  const connectedMs = (page.benchConnectedMs ?? Number.NaN) - startMs;
  return { firstFrameMs, answeredMs, connectedMs };
}

/** What a receiver says of the time that pictures spend in it. */
export type ReceiverCounters = {
  bytes: number;
  framesDecoded: number;
  /** Seconds over all frames. */
  jitterBufferSeconds: number;
  jitterBufferFrames: number;
  /** From the first packet of a frame to its decoded picture, seconds over all frames. */
  processingSeconds: number;
};

/** Of the page's last connection that receives pictures. */
export async function receiverCounters(): Promise<ReceiverCounters | null> {
  const page: BenchWindow = window;
  let counters: ReceiverCounters | null = null;
  for (const peer of page.benchPeers ?? []) {
    if (peer.connectionState !== 'connected') continue;
    for (const entry of (await peer.getStats()).values()) {
      if (entry.type !== 'inbound-rtp' || entry.kind !== 'video' || !entry.framesDecoded) continue;
      counters = {
        bytes: entry.bytesReceived,
        framesDecoded: entry.framesDecoded,
        jitterBufferSeconds: entry.jitterBufferDelay,
        jitterBufferFrames: entry.jitterBufferEmittedCount,
        processingSeconds: entry.totalProcessingDelay,
      };
    }
  }
  return counters;
}

/** What a sender says of the time that pictures spend in it. */
export type SenderCounters = {
  framesEncoded: number;
  /** Seconds over all frames. */
  encodeSeconds: number;
  packets: number;
  /** From the encoder to the socket, seconds over all packets. */
  sendDelaySeconds: number;
};

/** Of the largest picture that the page sends. */
export async function senderCounters(): Promise<SenderCounters | null> {
  const page: BenchWindow = window;
  let counters: SenderCounters | null = null;
  let largest = 0;
  for (const peer of page.benchPeers ?? []) {
    if (peer.connectionState !== 'connected') continue;
    for (const entry of (await peer.getStats()).values()) {
      if (entry.type !== 'outbound-rtp' || !(entry.frameHeight > largest)) continue;
      largest = entry.frameHeight;
      counters = {
        framesEncoded: entry.framesEncoded,
        encodeSeconds: entry.totalEncodeTime,
        packets: entry.packetsSent,
        sendDelaySeconds: entry.totalPacketSendDelay,
      };
    }
  }
  return counters;
}

/**
 * Milliseconds that the machine's clock is ahead of the page's, which was set by it when its process
 * started and has gone on by itself since. Two pages compare times by it.
 */
export function clockOffset(): number {
  let offset = Number.NEGATIVE_INFINITY;
  for (let tick = 0; tick < 8; tick += 1) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    // A tick that was noticed late makes it too small, never too large.
    offset = Math.max(offset, now - performance.timeOrigin - performance.now());
  }
  return offset;
}
