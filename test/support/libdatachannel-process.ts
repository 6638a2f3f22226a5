import { type Publication, publish, type RtcClient, watch } from './libdatachannel-clients.ts';

/**
 * One client in a process of its own: libdatachannel's threads keep a process from ending. Arguments:
 * `publish` URL [how far the clock of its Sender Reports is ahead, milliseconds] with the key in STREAM_KEY, or
 * `watch` URL. Ends with the process that started it.
 */
const [command, url = '', clockAheadMs] = process.argv.slice(2);
const key = process.env['STREAM_KEY'] ?? '';
const COUNT_INTERVAL_MS = 20;

/** Whoever started it may be gone already: then `disconnect` ends this process. */
const tell = (message: object) => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};
process.once('disconnect', () => process.exit());

async function open(): Promise<RtcClient | Publication> {
  if (command !== 'publish') return await watch(url);
  return await publish(url, key, clockAheadMs === undefined ? undefined : Number(clockAheadMs));
}

try {
  const client = await open();
  const { session, answer, etag, received } = client;
  tell({ opened: { session, answer, etag } });
  setInterval(() => tell({ received }), COUNT_INTERVAL_MS);
  process.on('message', (order) => {
    if (order === 'pause' && 'pause' in client) client.pause();
    if (order === 'resume' && 'resume' in client) client.resume();
    if (order === 'close') client.close();
  });
} catch (error) {
  tell({ failed: String(error) });
}
