/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import '../player/sfumato-player.ts';
import { html, nothing, render } from 'lit';
import type { ChannelInfo } from '../../signaling/contract/index.ts';
import type { Condition } from '../player/condition.ts';
import type { SfumatoPlayer } from '../player/sfumato-player.ts';
import { header, liveLabel } from './parts.ts';
import { qualityWords, viewersWords } from './words.ts';

const SHARED_SHOWN_MS = 2_500;

type View = { channel: ChannelInfo | null; condition: Condition; shared: boolean };

const channelId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const view: View = { channel: null, condition: 'connecting', shared: false };
const page = document.querySelector<HTMLElement>('#page');

function draw(): void {
  if (page === null) return;
  render(
    html`
      ${header}
      <main>
        <div class="stage">
          <sfumato-player
            src=${location.pathname}
            autoplay
            ?hidden=${view.condition === 'notFound'}
            @channelchange=${onChannel}
            @conditionchange=${onCondition}
          ></sfumato-player>
          ${view.condition === 'notFound' ? notFound : about(view)}
        </div>
      </main>
    `,
    page,
  );
}

function about({ channel, shared }: View) {
  return html`
    <section class="about" aria-label="About this channel">
      <div>
        <h1>${channel?.title ?? channelId}</h1>
        <div class="meta">
          ${
            channel === null
              ? nothing
              : html`${liveLabel(channel.live)}
                  <span>${viewersWords(channel.viewers)}</span>
                  <span>${channel.live ? qualityWords(channel) : nothing}</span>`
          }
        </div>
      </div>
      <button class="button" @click=${share}>${shared ? 'Link copied' : 'Share'}</button>
      <span class="visually-hidden" role="status">${shared ? 'The link was copied.' : ''}</span>
    </section>
  `;
}

const notFound = html`
  <section class="empty">
    <h1>There is no channel of this name</h1>
    <p>The address may be mistyped. If the channel is made later, this page starts by itself.</p>
    <p><a class="button strong" href="/">What is on air</a></p>
  </section>
`;

function onChannel({ detail }: CustomEvent<ChannelInfo>): void {
  view.channel = detail;
  document.title = `${detail.title} · Sfumato`;
  describeToSystem(detail);
  draw();
}

function onCondition({ detail }: CustomEvent<{ condition: Condition }>): void {
  view.condition = detail.condition;
  draw();
}

/** What a lock screen or a media key's display shows. */
function describeToSystem({ title }: ChannelInfo): void {
  if (!('mediaSession' in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist: 'Sfumato' });
}

async function share(): Promise<void> {
  const url = location.origin + location.pathname;
  try {
    if (navigator.share !== undefined && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ title: document.title, url });
      return;
    }
    await navigator.clipboard.writeText(url);
    view.shared = true;
  } catch (error) {
    // Dismissed by the person, or not allowed without HTTPS: then the address is offered as it is.
    console.debug('sfumato: share', error);
    if (!isDismissal(error)) prompt('The link to this channel:', url);
    return;
  }
  draw();
  setTimeout(() => {
    view.shared = false;
    draw();
  }, SHARED_SHOWN_MS);
}

function isDismissal(error: unknown): boolean {
  return Reflect.get(Object(error), 'name') === 'AbortError';
}

declare global {
  interface Window {
    /** The page's player, for scripts and tests: `sfumato.stats()`. */
    sfumato?: SfumatoPlayer;
  }
}

draw();
const player = document.querySelector('sfumato-player');
if (player !== null) {
  window.sfumato = player;
  document.addEventListener('keydown', (event) => {
    if (event.target === document.body) player.handleKey(event);
  });
}
