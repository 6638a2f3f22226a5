import { html, nothing, render } from 'lit';
import type { ChannelInfo } from '../../../signaling/contract/index.ts';
import type { Condition } from '../../player/live/condition.ts';
import { header, liveLabel } from '../parts.ts';
import { share, SHARED_SHOWN_MS } from '../share.ts';
import { qualityWords, viewersWords } from '../words.ts';

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
      <div class="actions">
        <button class="button" @click=${embedPressed}>Embed</button>
        <button class="button" @click=${sharePressed}>${shared ? 'Link copied' : 'Share'}</button>
        <span class="visually-hidden" role="status">${shared ? 'The link was copied.' : ''}</span>
      </div>
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

async function embedPressed(): Promise<void> {
  const { title = channelId, layers = [] } = view.channel ?? {};
  const { width = 16, height = 9 } = layers.at(-1) ?? {};
  const { showEmbedDialog } = await import('../embedding/embed-dialog.ts');
  await showEmbedDialog({ id: channelId, title, size: { width, height }, stored: false });
}

async function sharePressed(): Promise<void> {
  view.shared = await share(location.origin + location.pathname);
  draw();
  setTimeout(() => {
    view.shared = false;
    draw();
  }, SHARED_SHOWN_MS);
}

/** The page of a Channel: draws itself, and again at every change. */
export function watchChannel(): void {
  draw();
}
