import { html, render } from 'lit';

const COPIED_SHOWN_MS = 2_000;

/** A value to be taken elsewhere. It can be selected where the clipboard is not to be had (plain HTTP). */
export function copyField(label: string, value: string, note = '') {
  return html`
    <div class="copy">
      <label>${label}<input readonly spellcheck="false" .value=${value} @focus=${selectAll} /></label>
      <button class="button" type="button" aria-label="Copy: ${label}" @click=${copy}>Copy</button>
      ${note === '' ? '' : html`<p class="quiet">${note}</p>`}
    </div>
  `;
}

function selectAll({ currentTarget }: FocusEvent): void {
  if (currentTarget instanceof HTMLInputElement) currentTarget.select();
}

async function copy({ currentTarget }: MouseEvent): Promise<void> {
  if (!(currentTarget instanceof HTMLButtonElement)) return;
  const input = currentTarget.parentElement?.querySelector('input');
  if (!input) return;
  try {
    await navigator.clipboard.writeText(input.value);
    say(currentTarget, 'Copied');
  } catch (error) {
    // Not allowed, or not there at all without HTTPS: selected, it is one key away.
    console.debug('sfumato: clipboard', error);
    input.focus();
    say(currentTarget, 'Press Ctrl+C');
  }
}

function say(button: HTMLButtonElement, words: string): void {
  const said = document.createElement('span');
  said.role = 'status';
  said.textContent = words;
  button.replaceChildren(said);
  setTimeout(() => button.replaceChildren('Copy'), COPIED_SHOWN_MS);
}

/** Asks before what cannot be undone. @returns whether it was agreed to */
export async function ask(title: string, text: string, action: string): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'ask-title');
  dialog.setAttribute('aria-describedby', 'ask-text');
  render(
    html`
      <form method="dialog">
        <h2 id="ask-title">${title}</h2>
        <p id="ask-text">${text}</p>
        <div class="actions">
          <button class="button" value="" autofocus>Cancel</button>
          <button class="button danger" value="yes">${action}</button>
        </div>
      </form>
    `,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  dialog.remove();
  return dialog.returnValue === 'yes';
}
