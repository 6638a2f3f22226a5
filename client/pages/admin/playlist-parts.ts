import { html, nothing } from 'lit';
import { clockWords } from '../../player/controls/time-words.ts';
import { DAYS, type Day, type Playable, type PlaylistAnswer } from './playlist-api.ts';
import type { DraftEntry } from './playlist-draft.ts';

const DAY_NAMES: Record<Day, string> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

const UNSEEN = 'something that is not shown to you';

/** What of it is on now, and what comes then. */
export function whatsOn({ state, reason, now, next }: PlaylistAnswer) {
  const without =
    state === 'broadcaster' ? 'A broadcaster is on air; the list comes back after that.' : reason;
  return html`
    <p class="now">
      ${now === undefined ? without : html`Now: <strong>${now.title ?? UNSEEN}</strong>, ${clockWords(now.position)}`}
      ${next === undefined ? nothing : html`<br />Next: ${next.title ?? UNSEEN}, at ${clock(next.at)}`}
    </p>
  `;
}

export function resultList(
  found: readonly Playable[],
  on: { add: (one: Playable) => void; addAtTime: (one: Playable) => void },
) {
  if (found.length === 0) {
    return html`<p class="quiet" role="status">Nothing that can be played was found.</p>`;
  }
  return html`
    <ul class="picks" aria-label="Found">
      ${found.map(
        (one) => html`
          <li>
            <span class="grow">${one.title} <span class="quiet">${one.isCollection ? 'Collection' : clockWords(one.duration ?? 0)}</span></span>
            <button class="button" type="button" aria-label="Add ${one.title}" @click=${() => on.add(one)}>Add</button>
            ${one.isCollection ? nothing : html`<button class="button" type="button" aria-label="Add ${one.title} at a time" @click=${() => on.addAtTime(one)}>At a time</button>`}
          </li>
        `,
      )}
    </ul>
  `;
}

/** What begins at a time. */
export function entryRow(
  entry: DraftEntry,
  on: { change: (changes: Partial<DraftEntry>) => void; remove: () => void },
) {
  const { title, time, date } = entry;
  return html`
    <li>
      <span class="grow">${title}</span>
      <label>Begins at<input type="time" step="1" required .value=${time} aria-label="${title} begins at"
        @change=${(event: Event) => on.change({ time: valueOf(event) })} /></label>
      <label>Only on<input type="date" .value=${date} aria-label="${title} only on"
        @change=${(event: Event) => on.change({ date: valueOf(event) })} /></label>
      ${date === '' ? daysOf(entry, (days) => on.change({ days })) : nothing}
      <button class="button" type="button" aria-label="Take ${title} out of the times" @click=${on.remove}>✕</button>
    </li>
  `;
}

/** No day at all would be never: then it is every day again. */
function daysOf({ title, days }: DraftEntry, change: (days: readonly Day[]) => void) {
  const toggle = (day: Day, isOn: boolean) => {
    const chosen = DAYS.filter((one) => (one === day ? isOn : days.includes(one)));
    change(chosen.length === 0 ? DAYS : chosen);
  };
  return html`
    <fieldset class="days">
      <legend class="visually-hidden">Days of ${title}</legend>
      ${DAYS.map(
        (day) => html`
          <label class="choice"><input type="checkbox" .checked=${days.includes(day)}
            @change=${(event: Event) => toggle(day, isChecked(event))} />${DAY_NAMES[day]}</label>
        `,
      )}
    </fieldset>
  `;
}

export function isChecked({ currentTarget }: Event): boolean {
  return currentTarget instanceof HTMLInputElement && currentTarget.checked;
}

function valueOf({ currentTarget }: Event): string {
  return currentTarget instanceof HTMLInputElement ? currentTarget.value : '';
}

function clock(moment: string): string {
  return new Date(moment).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' });
}
