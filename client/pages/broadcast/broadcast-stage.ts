import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { clockWords } from '../../broadcast/broadcast-words.ts';
import type { DeviceKind, DeviceProblem } from '../../broadcast/device-problem.ts';
import type { LocalMedia } from '../../broadcast/local-media.ts';
import { isMirrored } from '../../broadcast/wishes.ts';
import {
  cameraIcon,
  cameraOffIcon,
  microphoneIcon,
  microphoneOffIcon,
  screenIcon,
  turnIcon,
} from './broadcast-icons.ts';
import type { BroadcastView } from './broadcast-page.ts';

/** The preview with what stands over it, and the buttons that work before and during a broadcast. */
export function stage(view: BroadcastView) {
  const { media } = view.studio;
  return html`
    <div class="preview" data-phase=${view.studio.phase}>
      ${preview(media)} ${centre(view)}
      <span class="on-air">${onAirLabel(view)}</span>
    </div>
    <div class="tools" role="group" aria-label="What is sent">
      ${soundButton(media)} ${pictureButton(media)} ${screenButton(media)} ${turnButton(media)}
      ${levelMeter}
    </div>
    ${microphoneProblem(media)}
  `;
}

function preview(media: LocalMedia) {
  const track = media.picture?.track ?? null;
  const mirrored = isMirrored(media.wishes.picture, track?.getSettings().facingMode);
  return html`
    <video muted autoplay playsinline disablepictureinpicture aria-label="What you are sending"
      class=${mirrored ? 'mirrored' : ''} ?hidden=${track === null || media.hidden}
      .srcObject=${live(streamOf(track))}></video>
  `;
}

const streams = new WeakMap<MediaStreamTrack, MediaStream>();

/** One stream a track, so that drawing the page again does not start the preview again. */
function streamOf(track: MediaStreamTrack | null): MediaStream | null {
  if (track === null) return null;
  const stream = streams.get(track) ?? new MediaStream([track]);
  streams.set(track, stream);
  return stream;
}

/** Where there is no picture: why, and the way out. */
function centre({ studio: { media }, noDevices }: BroadcastView) {
  if (noDevices !== null) return problem(noDevices);
  if (media.picture !== null) {
    return media.hidden ? html`<p class="nothing">The picture is hidden</p>` : nothing;
  }
  const found = media.problems.get('camera');
  if (found !== undefined) return problem(found, () => void media.wish({ picture: 'camera' }));
  const words = media.wishes.picture === 'none' ? 'Sound only' : 'Waiting for the camera …';
  return html`<p class="nothing">${words}</p>`;
}

function problem({ title, wayOut, href }: DeviceProblem, again?: () => void) {
  return html`
    <div class="problem" role="alert">
      <h2>${title}</h2>
      <p>${wayOut}</p>
      ${href === undefined ? nothing : html`<p><a class="button strong" href=${href}>Open over HTTPS</a></p>`}
      ${again === undefined ? nothing : html`<button class="button" @click=${again}>Try again</button>`}
    </div>
  `;
}

function microphoneProblem(media: LocalMedia) {
  const kinds: DeviceKind[] = ['microphone', 'screen'];
  const found = kinds.flatMap((kind) => media.problems.get(kind) ?? []);
  if (media.problems.has('camera') && media.problems.size === 1) return nothing;
  return found.map(
    ({ title, wayOut }) =>
      html`<p class="note" role="alert"><strong>${title}</strong> ${wayOut}</p>`,
  );
}

function onAirLabel({ studio }: BroadcastView) {
  const clock = studio.onAirMs === null ? '' : clockWords(studio.onAirMs);
  switch (studio.phase) {
    case 'live':
      return html`<span class="live">Live <span class="clock" role="timer">${clock}</span></span>`;
    case 'starting':
      return html`<span class="off">Starting …</span>`;
    case 'reconnecting':
      return html`<span class="off busy">Reconnecting … <span class="clock">${clock}</span></span>`;
    default:
      return html`<span class="off">Not on air</span>`;
  }
}

function soundButton(media: LocalMedia) {
  const words = media.muted ? 'Unmute' : 'Mute';
  return tool(
    { words, label: `${words} the sound` },
    media.muted ? microphoneOffIcon : microphoneIcon,
    media.muted,
    () => media.setMuted(!media.muted),
  );
}

function pictureButton(media: LocalMedia) {
  const words = media.hidden ? 'Show' : 'Hide';
  return tool(
    { words, label: `${words} the picture` },
    media.hidden ? cameraOffIcon : cameraIcon,
    media.hidden,
    () => media.setHidden(!media.hidden),
  );
}

function screenButton(media: LocalMedia) {
  // Not on phones: no browser there can show its screen.
  if (navigator.mediaDevices?.getDisplayMedia === undefined) return nothing;
  const shown = media.wishes.picture === 'screen';
  const naming = shown
    ? { words: 'Camera', label: 'Camera instead of the screen' }
    : { words: 'Screen', label: 'Screen instead of the camera' };
  const picture = shown ? 'camera' : 'screen';
  return tool(naming, shown ? cameraIcon : screenIcon, shown, () => void media.wish({ picture }));
}

/** Front and back, on what is held in a hand. */
function turnButton(media: LocalMedia) {
  const handheld = navigator.maxTouchPoints > 0 && media.cameras.length > 1;
  if (!handheld || media.picture?.source !== 'camera') return nothing;
  const back = media.picture.track.getSettings().facingMode === 'environment';
  const camera = back ? 'user' : 'environment';
  const naming = {
    words: 'Turn',
    label: back ? 'Turn to the front camera' : 'Turn to the back camera',
  };
  return tool(naming, turnIcon, false, () => void media.wish({ camera }));
}

/** @param label the words and what they are about, for those who do not see the icon */
function tool(
  { words, label }: { words: string; label: string },
  icon: unknown,
  pressed: boolean,
  press: () => void,
) {
  return html`
    <button class="button" aria-label=${label} title=${label} data-pressed=${pressed} @click=${press}>
      ${icon}<span>${words}</span>
    </button>
  `;
}

/** Its bar is moved by `moveLevel`, past the template: it changes with every frame. */
const levelMeter = html`
  <div class="level" role="meter" aria-label="Loudness" aria-valuemin="0" aria-valuemax="100"
    aria-valuenow="0"><span class="bar"></span></div>
`;
