import { fork } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'libdatachannel-process.ts');

/** A WHIP or WHEP client on libdatachannel. */
export interface RtcClient {
  /** Absolute. */
  session: string;
  answer: string;
  etag: string | null;
  /** Packets and bytes of RTP that have come in, by kind. */
  received: Record<'audio' | 'video', { packets: number; bytes: number }>;
  close(): void;
}

export interface Publication extends RtcClient {
  /** Stops sending; the connection stays. */
  pause(): void;
  resume(): void;
}

/** @param clockAheadMs sends Sender Reports by a clock that is so far ahead of this machine's; none without */
export async function publish(
  url: string,
  key: string,
  clockAheadMs?: number,
): Promise<Publication> {
  const clock = clockAheadMs === undefined ? [] : [String(clockAheadMs)];
  return await start(key, 'publish', url, ...clock);
}

export async function watch(url: string): Promise<RtcClient> {
  return await start('', 'watch', url);
}

type Message = Partial<{
  opened: Pick<RtcClient, 'session' | 'answer' | 'etag'>;
  received: RtcClient['received'];
  failed: string;
}>;

/** @param key not among the arguments, which everybody on the machine can read */
async function start(key: string, ...args: string[]): Promise<Publication> {
  const child = fork(PROGRAM, args, {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', STREAM_KEY: key },
  });
  const close = () => {
    if (!child.connected) return;
    child.send('close');
    child.disconnect();
    // It ends by itself: nobody waits for that.
    child.unref();
  };
  const nothing = { packets: 0, bytes: 0 };
  const client: Publication = {
    session: '',
    answer: '',
    etag: null,
    received: { audio: nothing, video: nothing },
    close,
    pause: () => child.send('pause'),
    resume: () => child.send('resume'),
  };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the client ended')));
    child.on('message', ({ opened, received, failed }: Message) => {
      if (received !== undefined) client.received = received;
      if (opened !== undefined) resolve(void Object.assign(client, opened));
      if (failed !== undefined) reject(new Error(failed));
    });
  }).catch((error: unknown) => {
    close();
    throw error;
  });
  return client;
}
