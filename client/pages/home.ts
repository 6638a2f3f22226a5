import { html, nothing, render } from 'lit';
import type { ChannelInfo } from '../../signaling/contract/index.ts';
import { fetchChannels } from './channels-api.ts';
import { header, liveLabel, unreachableWords } from './parts.ts';
import { qualityWords, viewersWords } from './words.ts';

const REFRESH_MS = 3_000;
const ANSWER_MS = 5_000;
/** A pointer that only passes over a card starts no preview. */
const PREVIEW_DELAY_MS = 250;

type View = { channels: ChannelInfo[] | null; unreachable: boolean; previewed: string | null };

const view: View = { channels: null, unreachable: false, previewed: null };
const page = document.querySelector<HTMLElement>('#page');
let previewTimer: ReturnType<typeof setTimeout> | undefined;

function draw(): void {
  if (page !== null) render(html`${header}<main>${content(view)}</main>`, page);
}

function content({ channels, unreachable }: View) {
  if (channels === null) return unreachable ? unreachableWords : nothing;
  const onAir = channels.filter(({ live }) => live).length;
  if (channels.length === 0) return emptyWords;
  return html`
    <div class="intro">
      <h1>${onAir > 0 ? 'On air now' : 'Nothing is on air'}</h1>
      <p role="status">${unreachable ? 'The server cannot be reached. Trying again …' : introWords(onAir)}</p>
    </div>
    <ul class="cards">
      ${channels.map((channel) => html`<li>${card(channel)}</li>`)}
    </ul>
  `;
}

function introWords(onAir: number): string {
  if (onAir === 0)
    return 'These channels exist. Their pages start by themselves when they come on air.';
  return 'Less than a second from the source to your eye.';
}

function card(channel: ChannelInfo) {
  const { id, title, live, viewers } = channel;
  return html`
    <a class="card" href="/watch/${id}"
      @pointerenter=${() => preview(live ? id : null)} @pointerleave=${() => preview(null)}
      @focus=${() => preview(live ? id : null)} @blur=${() => preview(null)}>
      <span class="picture">
        <span class="mist"></span>
        <span class="initial" aria-hidden="true">${title.slice(0, 1).toUpperCase()}</span>
        ${view.previewed === id ? html`<sfumato-video src=${id} muted autoplay aria-hidden="true"></sfumato-video>` : nothing}
        <span class="label">${liveLabel(live)}</span>
      </span>
      <span class="words">
        <span class="title">${title}</span>
        <span class="meta"><span>${viewersWords(viewers)}</span><span>${qualityWords(channel)}</span></span>
      </span>
    </a>
  `;
}

/** A small moving picture, muted and in the lowest Layer; its code is fetched at the first wish for it. */
function preview(id: string | null): void {
  clearTimeout(previewTimer);
  if (id === null) return showPreview(null);
  const wanted = import('../player/sfumato-video.ts');
  previewTimer = setTimeout(() => {
    wanted
      .then(() => showPreview(id))
      .catch((error: unknown) => console.warn('sfumato: no preview', error));
  }, PREVIEW_DELAY_MS);
}

function showPreview(id: string | null): void {
  view.previewed = id;
  draw();
  document.querySelector('sfumato-video')?.preferLayer(0);
}

const emptyWords = html`
  <section class="empty">
    <img src="/favicon.svg" alt="" />
    <h1>Nothing is on air</h1>
    <p>Put a video file on air from the server’s folder:</p>
    <code>npm start -- film.mp4</code>
    <p>This page shows it as soon as it is there.</p>
  </section>
`;

async function refresh(): Promise<void> {
  try {
    view.channels = await fetchChannels(AbortSignal.timeout(ANSWER_MS));
    view.unreachable = false;
  } catch (error) {
    console.warn('sfumato: channels', error);
    view.unreachable = true;
  }
  draw();
}

/** Asks again and again while the page is looked at. */
async function keepFresh(): Promise<void> {
  if (document.visibilityState === 'visible') await refresh();
  setTimeout(() => void keepFresh(), REFRESH_MS);
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});
void keepFresh();
