import { fork } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'encoder-process.ts');

export interface EncoderOptions {
  /** ffmpeg's input, such as `testsrc2=size=640x360:rate=30`. */
  picture?: string;
  sound?: string;
  /** Of libx264, in place of what suits the web. */
  encoding?: string[];
  /** How fast the picture's RTP clock runs. */
  clock?: number;
}

export interface Encoder {
  stopPicture(): void;
  close(): void;
}

const GOOD = ['-profile:v', 'baseline', '-bf', '0', '-g', '30'];

/** Puts a real encoder on air by WHIP. */
export async function startEncoder(
  url: string,
  key: string,
  options: EncoderOptions = {},
): Promise<Encoder> {
  const {
    picture = 'testsrc2=size=640x360:rate=30',
    sound = 'sine=440:sample_rate=48000',
    encoding = GOOD,
    clock = 1,
  } = options;
  const orders = {
    video: ['-f', 'lavfi', '-i', picture],
    audio: ['-f', 'lavfi', '-i', sound],
    encoding: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...encoding],
    clock,
  };
  const child = fork(PROGRAM, [url, JSON.stringify(orders)], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', STREAM_KEY: key },
  });
  const encoder: Encoder = {
    stopPicture: () => child.send('stopPicture'),
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the encoder ended')));
    child.on('message', (message) => {
      const failed: unknown = Reflect.get(Object(message), 'failed');
      if (failed === undefined) resolve();
      else reject(new Error(JSON.stringify(failed)));
    });
  }).catch((error: unknown) => {
    encoder.close();
    throw error;
  });
  return encoder;
}
