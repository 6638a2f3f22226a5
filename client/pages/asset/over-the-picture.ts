import { html, nothing } from 'lit';
import { clockWords, spokenTime } from '../../player/controls/time-words.ts';
import { thumbnail } from './collection-list.ts';
import type { NextUpState } from './next-up.ts';

/** Where it was gone on; `offered`: where it could be. Seconds. */
export type Resumed = { seconds: number; offered: boolean };

export type OverActions = {
  fromBeginning(): void;
  goThere(): void;
  dismiss(): void;
  playNext(): void;
  stay(): void;
};

/** What the page has to say over the picture, in full screen too (`<sfumato-player>`'s slot `over`). */
export function overThePicture(
  { resumed, nextUp }: { resumed: Resumed | null; nextUp: NextUpState | null },
  actions: OverActions,
) {
  return html`
    <div slot="over" class="over">
      <p class="visually-hidden" role="status">${spoken(resumed, nextUp)}</p>
      ${resumed === null ? nothing : notice(resumed, actions)}
      ${nextUp === null ? nothing : endScreen(nextUp, actions)}
    </div>
  `;
}

/** Said once, not with every second. */
function spoken(resumed: Resumed | null, nextUp: NextUpState | null): string {
  if (nextUp !== null) {
    const when = nextUp.secondsLeft === null ? '' : ', begins in a few seconds';
    return `Next: ${nextUp.next.title}${when}.`;
  }
  if (resumed === null) return '';
  const { seconds, offered } = resumed;
  return offered
    ? `You were at ${spokenTime(seconds)}.`
    : `Continued at ${spokenTime(seconds)}. Home leads to the beginning.`;
}

function notice({ seconds, offered }: Resumed, actions: OverActions) {
  const [words, does, act] = offered
    ? ['You were at', 'Go on there', actions.goThere]
    : ['Continued at', 'From the beginning', actions.fromBeginning];
  return html`
    <div class="resumed">
      <span>${words} <span class="time">${clockWords(seconds)}</span></span>
      <button @click=${act}>${does}</button>
      <button class="close" aria-label="Close this notice" @click=${actions.dismiss}>×</button>
    </div>
  `;
}

function endScreen({ next, secondsLeft }: NextUpState, { playNext, stay }: OverActions) {
  return html`
    <section class="next-up" aria-label="Next in the collection">
      <span class="picture">${thumbnail(next)}</span>
      <p class="of" aria-hidden="true">${secondsLeft === null ? 'Next' : html`Next in <span class="time">${secondsLeft} s</span>`}</p>
      <p class="title">${next.title}</p>
      <div class="choice">
        <button class="strong" @click=${playNext}>Play now</button>
        ${secondsLeft === null ? nothing : html`<button @click=${stay}>Cancel</button>`}
      </div>
      ${secondsLeft === null ? nothing : html`<span class="left" aria-hidden="true"></span>`}
    </section>
  `;
}
