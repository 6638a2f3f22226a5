const STYLE = /* css */ `
  :host { display: inline-block; position: relative; line-height: 0; }
  video, canvas {
    width: 100%;
    height: 100%;
    object-fit: var(--media-object-fit, contain);
    object-position: var(--media-object-position, 50% 50%);
  }
  canvas { position: absolute; inset: 0; pointer-events: none; }
  [hidden] { display: none; }
  /* Captions are drawn by ourselves. */
  video[data-captions='us']::-webkit-media-text-track-container { display: none; }
  video[data-captions='us']::cue { opacity: 0; color: transparent; background: transparent; }
  video::cue {
    color: var(--captions-color, #fff);
    background: var(--captions-background, rgb(20 16 12 / 0.78));
  }
  .captions {
    position: absolute;
    inset: 0;
    overflow: hidden;
    container-type: size;
    pointer-events: none;
    color: var(--captions-color, #fff);
    line-height: 1.4;
    opacity: var(--captions-opacity, 1);
    transition: opacity 0.15s ease;
  }
  .captions p {
    margin: 0;
    font-size: calc(clamp(15px, 5cqh, 60px) * var(--captions-size, 1));
    white-space: pre-line;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .captions p > span {
    padding: 0.12em 0.42em;
    border-radius: 0.25em;
    background: var(--captions-background, rgb(20 16 12 / 0.78));
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
  }
  .captions .stack {
    position: absolute;
    inset: auto 3% max(4cqh, var(--captions-lift, 0px));
    display: flex;
    flex-direction: column-reverse;
    gap: 0.2em;
    transition: bottom 0.2s ease;
  }
  .captions [data-from] { position: absolute; }
  .captions [data-from='top'] { top: max(3cqh, var(--away) * 1cqh); }
  .captions [data-from='bottom'] {
    bottom: max(4cqh, var(--away) * 1cqh, var(--captions-lift, 0px));
    transition: bottom 0.2s ease;
  }
  @media (prefers-reduced-motion: reduce) {
    .captions, .captions * { transition: none !important; }
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
