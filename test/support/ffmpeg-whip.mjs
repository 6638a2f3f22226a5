/**
 * FFmpeg's own WHIP muxer (8.1, inside node-av) sends a file as it is, paced by its timestamps.
 * Arguments: file, URL; the key is in STREAM_KEY. Ends when the file has ended, or with its input.
 */
import { Demuxer, Muxer } from 'node-av/api';

const [file, url] = process.argv.slice(2);
const key = process.env['STREAM_KEY'];
process.stdin.on('end', () => process.exit(0)).resume();

await using input = await Demuxer.open(file);
await using output = await Muxer.open(url, { format: 'whip', options: { authorization: key } });
const streams = new Map();
for (const stream of [input.video(), input.audio()]) {
  if (stream) streams.set(stream.index, output.addStream(stream));
}
const started = performance.now();
for await (const packet of input.packets()) {
  if (!packet) break;
  const stream = input.streams[packet.streamIndex];
  const seconds = (Number(packet.dts) * stream.timeBase.num) / stream.timeBase.den;
  const early = seconds * 1000 - (performance.now() - started);
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  await output.writePacket(packet, streams.get(packet.streamIndex));
  packet.free();
}
