import { words } from '../../ffmpeg/ffmpeg.ts';
import { planLadder } from '../ladder.ts';
import type { RenditionJob } from '../renditions.ts';
import { DEMO, DEMO_FRAMES, DemoScene } from './scene.ts';

/** Another key when the picture or the sound changes. */
export const DEMO_KEY = 'demo-2';
export const DEMO_TITLE = 'Sfumato demo';

/** Every frame of the clip, in the same buffer: the reader is done with one when it asks for the next. */
export async function* demoFrames(frames: number = DEMO_FRAMES): AsyncGenerator<Uint8Array> {
  const scene = new DemoScene();
  for (let index = 0; index < frames; index += 1) {
    scene.draw(index);
    yield scene.picture.data;
  }
}

const tone = (hertz: number, level: number): string => `${level}*sin(2*PI*${hertz}*t)`;

/**
 * One second of sound as ffmpeg's expression: a soft chord of whole hertz, so that each second joins
 * the next without a click, and a bell that is struck when the second begins.
 */
function soundOfASecond(): string {
  const bell = '0.16*exp(-18*t)*sin(2*PI*880*t)';
  const left = [tone(165, 0.03), tone(220, 0.02), tone(330, 0.012), bell].join('+');
  const right = [tone(165, 0.02), tone(220, 0.03), tone(275, 0.012), bell].join('+');
  return `aevalsrc=${left}|${right}:s=48000:d=1`;
}

/** How the clip is made: drawn here, frame by frame, and encoded like every other file. */
export function demoJob(seconds: number = DEMO.seconds): RenditionJob {
  const { width, height, framesPerSecond } = DEMO;
  const repeat = `aloop=loop=${seconds - 1}:size=48000`;
  return {
    inputArgs: words(
      `-f rawvideo -pixel_format yuv420p -video_size ${width}x${height}`,
      `-framerate ${framesPerSecond} -i pipe:0`,
      `-f lavfi -i ${soundOfASecond()},${repeat}`,
    ),
    input: demoFrames(seconds * framesPerSecond),
    preset: 'superfast',
    video: {
      ladder: planLadder({
        displayWidth: width,
        displayHeight: height,
        framesPerSecond: { num: framesPerSecond, den: 1 },
        variableFrameRate: false,
      }),
      colorMatrix: 'bt709',
      extendSeconds: 0,
    },
    audio: { stream: '1:a:0', padToSeconds: undefined },
    durationSeconds: seconds,
  };
}
