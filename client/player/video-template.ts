const STYLE = /* css */ `
  :host { display: inline-block; position: relative; line-height: 0; }
  video, canvas {
    width: 100%;
    height: 100%;
    object-fit: var(--media-object-fit, contain);
    object-position: var(--media-object-position, 50% 50%);
  }
  canvas { position: absolute; inset: 0; pointer-events: none; }
  canvas[hidden] { display: none; }
  video::-webkit-media-text-track-container {
    transform: var(--media-webkit-text-track-transform);
    transition: var(--media-webkit-text-track-transition);
  }
`;

/** The inside of `<sfumato-video>`: a `<video>` with the host's attributes, but for those that are `own`. */
export function videoTemplate(
  attributes: Record<string, string>,
  own: ReadonlySet<string>,
): string {
  const passed = Object.entries(attributes)
    .filter(([name]) => PASSED.has(name) && !own.has(name))
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`);
  return `<style>${STYLE}</style><video playsinline${passed.join('')}></video><slot></slot>`;
}

/** What of a host's attributes means something to a `<video>`. */
const PASSED = new Set([
  'crossorigin',
  'disablepictureinpicture',
  'disableremoteplayback',
  'muted',
  'poster',
]);

function escapeAttribute(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}
