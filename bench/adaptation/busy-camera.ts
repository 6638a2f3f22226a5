/**
 * Runs in the page, handed over as text: nothing in it may come from outside it. In place of the camera, 720p with
 * so much in it that an encoder uses the bits that it is given: a still picture would fit any link.
 */
export function replaceCamera(): void {
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    if (!wishes?.video) return await original(wishes);
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    const pattern = drawPattern();
    setInterval(() => drawMoving(context, pattern), 1_000 / 30);
    return canvas.captureStream(30);
  };

  /** Many small things, twice as wide as the picture, so that it can go past. */
  function drawPattern(): HTMLCanvasElement {
    const pattern = Object.assign(document.createElement('canvas'), { width: 2560, height: 720 });
    const context = pattern.getContext('2d');
    for (let index = 0; index < 6_000; index += 1) {
      if (context === null) break;
      context.fillStyle = `hsl(${Math.random() * 360} 60% ${20 + Math.random() * 60}%)`;
      const side = 6 + Math.random() * 40;
      context.fillRect(Math.random() * 2560, Math.random() * 720, side, side);
    }
    return pattern;
  }

  /** Stripes that go past at speeds of their own. */
  function drawMoving(context: CanvasRenderingContext2D, pattern: HTMLCanvasElement): void {
    const stripe = 72;
    for (let row = 0; row < 10; row += 1) {
      const left = (performance.now() * (0.02 + row * 0.015)) % 1280;
      const top = row * stripe;
      context.drawImage(pattern, left, top, 1280, stripe, 0, top, 1280, stripe);
    }
  }
}
