import { html } from 'lit';
import * as z from 'zod';

const KEY = 'sfumato.captionStyle';

const SIZES = { small: '0.75', usual: '1', large: '1.4', largest: '1.9' } as const;
const GROUNDS = { none: 'transparent', half: 'rgb(0 0 0 / 0.62)', full: '#000' } as const;
const COLORS = { white: '#fff', yellow: '#ffe55c' } as const;

const styleSchema = z.object({
  size: z.enum(['small', 'usual', 'large', 'largest']).catch('usual'),
  ground: z.enum(['none', 'half', 'full']).catch('half'),
  color: z.enum(['white', 'yellow']).catch('white'),
});
export type CaptionStyle = z.output<typeof styleSchema>;

const CHOICES = {
  size: ['Size', { small: 'Small', usual: 'Usual', large: 'Large', largest: 'Very large' }],
  ground: ['Behind the words', { none: 'Nothing', half: 'A veil', full: 'Black' }],
  color: ['Colour', { white: 'White', yellow: 'Yellow' }],
} as const;

/** @param text as it was kept; what is not understood is as usual */
export function captionStyleOf(text: string | null): CaptionStyle {
  const said: unknown = text === null ? {} : JSON.parse(text);
  return styleSchema.parse(Object(said));
}

export function loadCaptionStyle(): CaptionStyle {
  try {
    return captionStyleOf(localStorage.getItem(KEY));
  } catch (error) {
    console.debug('sfumato: captions look as usual', error);
    return captionStyleOf(null);
  }
}

function storeCaptionStyle(style: CaptionStyle): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(style));
  } catch (error) {
    console.debug('sfumato: how captions look cannot be remembered', error);
  }
}

/** What a player draws its captions by. */
export function captionProperties({ size, ground, color }: CaptionStyle): Record<string, string> {
  return {
    '--captions-size': SIZES[size],
    '--captions-background': GROUNDS[ground],
    '--captions-color': COLORS[color],
  };
}

export function wearCaptionStyle(player: HTMLElement, style = loadCaptionStyle()): void {
  for (const [name, value] of Object.entries(captionProperties(style)))
    player.style.setProperty(name, value);
}

/** How captions look, to be chosen. @param changed with what was chosen, which is remembered already */
export function captionPanel(changed: (style: CaptionStyle) => void) {
  const style = loadCaptionStyle();
  const choose = (name: keyof CaptionStyle, { target }: Event) => {
    if (!(target instanceof HTMLSelectElement)) return;
    const chosen = styleSchema.parse({ ...loadCaptionStyle(), [name]: target.value });
    storeCaptionStyle(chosen);
    changed(chosen);
  };
  return html`
    <details class="drops caption-style">
      <summary class="button">Captions</summary>
      <div class="sheet">
        ${(['size', 'ground', 'color'] as const).map(
          (name) => html`
            <label>${CHOICES[name][0]}
              <select @change=${(event: Event) => choose(name, event)}>
                ${Object.entries(CHOICES[name][1]).map(([value, words]) => html`<option value=${value} ?selected=${value === style[name]}>${words}</option>`)}
              </select>
            </label>
          `,
        )}
      </div>
    </details>
  `;
}
