import { expect, test } from '@jest/globals';
import { readBlockCode } from './block-code.ts';
import { clockText, DEMO, DEMO_FRAMES, DemoScene } from './scene.ts';

test.each([
  [0, '00:00.00'],
  [1, '00:00.03'],
  [29, '00:00.96'],
  [30, '00:01.00'],
  [437, '00:14.56'],
  [DEMO_FRAMES - 1, '00:59.96'],
])('frame %i shows %s', (frame, text) => {
  expect(clockText(frame)).toBe(text);
});

/** The luma plane as grey pixels. */
function grey(luma: Uint8Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(DEMO.width * DEMO.height * 4);
  for (let index = 0; index < DEMO.width * DEMO.height; index += 1) {
    // Green is what is read.
    rgba[index * 4 + 1] = luma[index] ?? 0;
  }
  return rgba;
}

test('every frame carries its number, and drawing over the last one leaves nothing behind', () => {
  const scene = new DemoScene();
  for (const frame of [0, 1, 2, 31, 1799]) {
    scene.draw(frame);
    expect(readBlockCode(grey(scene.picture.data), DEMO.width, DEMO.height)).toBe(frame);
  }
  const fresh = new DemoScene();
  fresh.draw(1799);
  expect(Buffer.compare(scene.picture.data, fresh.picture.data)).toBe(0);
});
