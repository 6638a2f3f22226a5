/** The page that mediasoup-client's documentation makes one write: load, consume, resume, show. */
import { Device } from 'mediasoup-client';
import { z } from 'zod';
import {
  consumerSchema,
  rtpCapabilitiesSchema,
  transportSchema,
} from '../../signaling/contract/index.ts';

const welcomeSchema = z.object({
  routerRtpCapabilities: rtpCapabilitiesSchema,
  transport: transportSchema,
});
const consumersSchema = z.array(consumerSchema);

const video = document.createElement('video');
Object.assign(video, { autoplay: true, muted: true });
document.body.append(video);

const socket = new WebSocket(`ws://${location.host}/`);

function next(): Promise<unknown> {
  return new Promise((resolve) => {
    const heard = ({ data }: MessageEvent) => resolve(JSON.parse(String(data)));
    socket.addEventListener('message', heard, { once: true });
  });
}

function say(message: object): void {
  socket.send(JSON.stringify(message));
}

async function watch(): Promise<void> {
  const { routerRtpCapabilities, transport: options } = welcomeSchema.parse(await next());
  // It would find out itself, but for Chromium without a window, whose name it does not know.
  const device = new Device({ handlerName: 'Chrome111' });
  await device.load({ routerRtpCapabilities });
  const transport = device.createRecvTransport(options);
  transport.on('connect', ({ dtlsParameters }, done) => {
    say({ type: 'connect', dtlsParameters });
    done();
  });
  say({ type: 'consume', rtpCapabilities: device.recvRtpCapabilities });
  const consumers = consumersSchema.parse(await next());
  const stream = new MediaStream();
  video.srcObject = stream;
  for (const offered of consumers) stream.addTrack((await transport.consume(offered)).track);
  say({ type: 'resume' });
}

watch().catch((error: unknown) => console.error('bare page', error));
