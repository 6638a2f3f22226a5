import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import nodeDataChannel, { type Track } from 'node-datachannel';
import { postOffer } from './libdatachannel-clients.ts';

/**
 * FFmpeg's encoder, whose RTP libdatachannel carries to a WHIP address. It never makes a key frame because
 * it is asked to. Arguments: URL, and as JSON the options of the picture and of the sound, and how fast
 * the picture's clock runs; the key is in STREAM_KEY. Ends with the process that started it.
 */
const [url = '', json = '{}'] = process.argv.slice(2);
const key = process.env['STREAM_KEY'] ?? '';
const orders: { video: string[]; audio: string[]; encoding: string[]; clock: number } =
  JSON.parse(json);

const H264 = 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1';
const [VIDEO_SSRC, AUDIO_SSRC] = [1_001, 1_002];
const stopped = new Set<string>();

process.once('disconnect', () => process.exit());
process.on('message', (order) => {
  if (order === 'stopPicture') stopped.add('video');
});

async function listen(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function carry(socket: Socket, kind: string, track: Track, clock: number): void {
  socket.on('message', (packet) => {
    if (stopped.has(kind) || !track.isOpen()) return;
    packet.writeUInt32BE(Math.round(packet.readUInt32BE(4) * clock) >>> 0, 4);
    track.sendMessageBinary(packet);
  });
}

const rtp = (socket: Socket, ssrc: number, payloadType: number) => [
  ...['-ssrc', String(ssrc), '-payload_type', String(payloadType), '-f', 'rtp'],
  `rtp://127.0.0.1:${socket.address().port}?pkt_size=1200`,
];

try {
  const peer = new nodeDataChannel.PeerConnection('encoder', { iceServers: [] });
  const video = new nodeDataChannel.Video('video', 'SendOnly');
  video.addH264Codec(96, H264);
  video.addSSRC(VIDEO_SSRC, 'cname', 'stream', 'video');
  const audio = new nodeDataChannel.Audio('audio', 'SendOnly');
  audio.addOpusCodec(111);
  audio.addSSRC(AUDIO_SSRC, 'cname', 'stream', 'audio');
  const tracks = [peer.addTrack(video), peer.addTrack(audio)] as const;
  const sdp = new Promise<string>((resolve) => {
    peer.onGatheringStateChange((state) => {
      if (state === 'complete') resolve(peer.localDescription()?.sdp ?? '');
    });
  });
  peer.setLocalDescription();
  const response = await postOffer(url, await sdp, { Authorization: `Bearer ${key}` });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`${response.status}: ${answer}`);
  const sockets = [await listen(), await listen()] as const;
  carry(sockets[0], 'video', tracks[0], orders.clock);
  carry(sockets[1], 'audio', tracks[1], 1);
  peer.setRemoteDescription(answer, 'answer');
  const ffmpeg = spawn(
    process.env['FFMPEG_PATH'] ?? 'ffmpeg',
    [
      ...['-v', 'error', '-re', ...orders.video, ...orders.audio, '-t', '100'],
      ...['-map', '0:v', ...orders.encoding, ...rtp(sockets[0], VIDEO_SSRC, 96)],
      ...['-map', '1:a', '-c:a', 'libopus', '-ac', '2', ...rtp(sockets[1], AUDIO_SSRC, 111)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  process.once('exit', () => ffmpeg.kill('SIGKILL'));
  process.send?.({ opened: true });
} catch (error) {
  process.send?.({ failed: String(error) });
}
