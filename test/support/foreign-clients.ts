/** Runs in a page: WHIP and WHEP clients that others wrote, under one roof for the test. */

import { WebRTCPlayer } from '@eyevinn/webrtc-player';
import { WHIPClient as EyevinnPublisher } from '@eyevinn/whip-web-client';
import { WHEPClient } from 'whip-whep/whep.js';
import { WHIPClient } from 'whip-whep/whip.js';

function movingPicture(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const context = canvas.getContext('2d');
  let count = 0;
  setInterval(() => {
    count += 1;
    if (context === null) return;
    context.fillStyle = `hsl(${count % 360} 80% 50%)`;
    context.fillRect(0, 0, 320, 180);
  }, 33);
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const sound = audio.createMediaStreamDestination();
  tone.connect(sound);
  tone.start();
  return new MediaStream([
    ...canvas.captureStream(30).getVideoTracks(),
    ...sound.stream.getAudioTracks(),
  ]);
}

function screen(): HTMLVideoElement {
  const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
  document.body.append(video);
  return video;
}

const clients = {
  async publishByWhipWhep(url: string, key: string): Promise<void> {
    const peer = new RTCPeerConnection();
    const stream = movingPicture();
    for (const track of stream.getTracks()) {
      peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    }
    await new WHIPClient().publish(peer, url, key);
  },

  /** @returns names of the events that it was told */
  async watchByWhipWhep(url: string): Promise<void> {
    const peer = new RTCPeerConnection();
    const stream = new MediaStream();
    const video = screen();
    video.srcObject = stream;
    peer.addEventListener('track', ({ track }) => stream.addTrack(track));
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    const client = new WHEPClient();
    Object.assign(globalThis, { whepClient: client });
    await client.view(peer, url, '');
  },

  async restartByWhipWhep(): Promise<void> {
    const client: unknown = Reflect.get(globalThis, 'whepClient');
    // Its types do not say that it returns a promise.
    if (client instanceof WHEPClient) await Promise.resolve(client.restart());
  },

  async publishByEyevinn(url: string, key: string): Promise<void> {
    const client = new EyevinnPublisher({ endpoint: url, opts: { authkey: key, iceServers: [] } });
    await client.ingest(movingPicture());
  },

  async watchByEyevinn(url: string): Promise<void> {
    const player = new WebRTCPlayer({ video: screen(), type: 'whep' });
    await player.load(new URL(url));
  },

  framesShown(): number {
    return document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  },
};

export type ForeignClients = typeof clients;

Object.assign(globalThis, { clients });
