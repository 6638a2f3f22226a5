import { html, nothing } from 'lit';
import type { CodecWish } from '../../broadcast/codec-choice.ts';
import {
  codecWords,
  endWords,
  failureWords,
  linkWords,
  onAirWords,
  pictureWords,
} from '../../broadcast/broadcast-words.ts';
import { OWN_BLACK } from '../../broadcast/findings.ts';
import type { LocalMedia } from '../../broadcast/local-media.ts';
import { isStreamKey } from '../../broadcast/stream-key.ts';
import type { Studio } from '../../broadcast/studio.ts';
import { FRAME_RATES, HEIGHTS, NO_MICROPHONE } from '../../broadcast/wishes.ts';
import type { BroadcastActions, BroadcastView } from './broadcast-page.ts';

/** What is chosen before a broadcast, and the button that begins it. */
export function setupPanel(view: BroadcastView, actions: BroadcastActions) {
  const { studio, right } = view;
  return html`
    ${outcome(view)}
    ${right === null ? keyForm(actions) : nothing}
    ${deviceChoices(studio.media)} ${qualityChoices(studio.media)} ${codecDetails(studio)}
    ${right === null ? nothing : link(view, actions)}
    ${right === null ? nothing : goLiveButton(view, actions)}
  `;
}

/** What the connection carries, and what comes of it. */
function link({ studio }: BroadcastView, { measureAgain }: BroadcastActions) {
  const size = studio.media.picture?.track.getSettings();
  const side = size?.width && size.height ? Math.min(size.width, size.height) : null;
  const words = linkWords(studio.probe.state, studio.layerPlan, side);
  if (words === null) return nothing;
  const measuring = studio.probe.state.name === 'measuring';
  return html`
    <p class="hint link" aria-live="polite">
      ${words}
      ${measuring ? nothing : html`<button class="plain" @click=${measureAgain}>Measure again</button>`}
    </p>
  `;
}

/** How the last broadcast ended, or why this one did not begin. */
function outcome({ studio: { session }, listed, seesBlack, right }: BroadcastView) {
  const { ended, failure } = session.live;
  if (ended !== null) return html`<p class="note problem-note">${endWords(ended)}</p>`;
  const refused = failureWords(failure, right !== null && 'account' in right);
  if (refused !== null) return html`<p class="note problem-note">${refused}</p>`;
  if (seesBlack) return html`<p class="note">${OWN_BLACK.message}</p>`;
  const words = onAirWords(listed);
  return words === null ? nothing : html`<p class="note">${words}</p>`;
}

function keyForm({ useKey }: BroadcastActions) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const field = event.currentTarget.elements.namedItem('key');
    if (!(field instanceof HTMLInputElement)) return;
    const key = field.value.trim();
    field.setCustomValidity(isStreamKey(key) ? '' : 'A stream key has at least 22 characters.');
    if (field.reportValidity()) useKey(key);
  };
  return html`
    <form class="key" @submit=${submit}>
      <label for="key">Stream key</label>
      <input id="key" name="key" type="password" autocomplete="off" spellcheck="false"
        placeholder="from the channel’s operator" required
        @input=${(event: InputEvent) => {
          if (event.target instanceof HTMLInputElement) event.target.setCustomValidity('');
        }} />
      <button class="button strong">Use this key</button>
    </form>
  `;
}

export function deviceChoices(media: LocalMedia) {
  const cameras = media.cameras.map(({ deviceId, label }) => ({ value: deviceId, label }));
  const microphones = media.microphones.map(({ deviceId, label }) => ({ value: deviceId, label }));
  const camera = media.wishes.picture === 'none' ? 'none' : (media.cameraId ?? '');
  return html`
    ${choice('Camera', camera, [...cameras, { value: 'none', label: 'No picture' }], (value) =>
      media.wish(value === 'none' ? { picture: 'none' } : { picture: 'camera', camera: value }),
    )}
    ${choice(
      'Microphone',
      media.wishes.microphone === NO_MICROPHONE ? NO_MICROPHONE : (media.microphoneId ?? ''),
      [...microphones, { value: NO_MICROPHONE, label: 'No microphone' }],
      (microphone) => media.wish({ microphone }),
    )}
  `;
}

export function qualityChoices(media: LocalMedia) {
  if (media.wishes.picture === 'none') return nothing;
  const { height, framesPerSecond } = media.wishes;
  const heights = HEIGHTS.map((one) => ({ value: String(one), label: `${one}p` }));
  const rates = FRAME_RATES.map((one) => ({ value: String(one), label: `${one} a second` }));
  return html`
    <div class="pair">
      ${choice('Picture size', String(height), heights, (value) => media.wish({ height: Number(value) }))}
      ${choice('Pictures', String(framesPerSecond), rates, (value) =>
        media.wish({ framesPerSecond: Number(value) }),
      )}
    </div>
    <p class="hint">The camera gives ${pictureWords(media.picture?.track.getSettings() ?? null)}.</p>
  `;
}

const VP9_WORDS = 'VP9 (one stream with three layers)';

/** What it is going to be encoded as, and the other choice where there is one. */
function codecDetails(studio: Studio) {
  if (studio.media.wishes.picture === 'none') return nothing;
  const { choice: foreseen, vp9IsPossible } = studio.foreseen;
  if (foreseen === null) return nothing;
  const options: { value: CodecWish; label: string }[] = [
    { value: 'auto', label: 'Automatic' },
    ...(vp9IsPossible ? [{ value: 'VP9' as const, label: VP9_WORDS }] : []),
  ];
  return html`
    <details>
      <summary>Details</summary>
      ${choice('Encoding', vp9IsPossible ? studio.session.codecWish : 'auto', options, (value) =>
        studio.wishCodec(value === 'VP9' ? 'VP9' : 'auto'),
      )}
      <p class="hint">${codecWords(foreseen)}</p>
    </details>
  `;
}

type Option = { value: string; label: string };

function choice(
  label: string,
  value: string,
  options: Option[],
  choose: (value: string) => Promise<void>,
) {
  const change = (event: Event) => {
    if (event.target instanceof HTMLSelectElement) void choose(event.target.value);
  };
  const known = options.some((option) => option.value === value);
  return html`
    <label class="choice"><span>${label}</span>
      <select @change=${change}>
        ${known ? nothing : html`<option value="" selected disabled>none yet</option>`}
        ${options.map(
          (option) =>
            html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`,
        )}
      </select>
    </label>
  `;
}

function goLiveButton({ studio, right }: BroadcastView, { goLive, forgetRight }: BroadcastActions) {
  const by = right !== null && 'account' in right ? `You go live as ${right.account}. ` : '';
  const again = studio.session.live.ended === 'replaced';
  return html`
    <button class="button strong go" ?disabled=${!studio.canGoLive} @click=${goLive}>
      ${again ? 'Take over' : 'Go live'}
    </button>
    <p class="hint">
      ${by}It starts with what any link carries and grows with yours within seconds.
      <button class="plain" @click=${forgetRight}>${by === '' ? 'Use another stream key' : 'Use a stream key'}</button>
    </p>
  `;
}
