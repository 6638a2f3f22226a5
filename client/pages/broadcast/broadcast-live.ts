import { html, nothing } from 'lit';
import {
  bitrateWords,
  codecWords,
  failureWords,
  layerWords,
  limitationWords,
} from '../../broadcast/broadcast-words.ts';
import type { BroadcastHealth } from '../../../signaling/contract/index.ts';
import type { LayerFigures } from '../../broadcast/sending-figures.ts';
import { relevantFindings, withOwn } from '../../broadcast/findings.ts';
import { NO_MICROPHONE } from '../../broadcast/wishes.ts';
import { embedIcon, linkIcon } from './broadcast-icons.ts';
import { type BroadcastActions, type BroadcastView, watchLink } from './broadcast-page.ts';
import { deviceChoices, qualityChoices } from './broadcast-setup.ts';
import { viewersWords } from '../words.ts';

/** What is shown while a broadcast runs. */
export function livePanel(view: BroadcastView, actions: BroadcastActions) {
  const { studio } = view;
  return html`
    <p class="audience">${capital(viewersWords(studio.session.health?.viewers ?? 0))}</p>
    ${troubles(view)} ${findings(view)}
    <div class="row">
      <button class="button" @click=${() => actions.copy('link')}>
        ${linkIcon}${view.copied === 'link' ? 'Link copied' : 'Copy link'}
      </button>
      <a class="button" href=${watchLink(view)} target="_blank" rel="noopener">Watch</a>
      <button class="button wide" @click=${() => actions.copy('embedCode')}>
        ${embedIcon}${view.copied === 'embedCode' ? 'Embed code copied' : 'Copy embed code'}
      </button>
    </div>
    <section class="sent" aria-label="What is sent">
      <h2>What is sent</h2>
      ${layerTable(view)}
      <p class="hint">${encodingWords(view)}</p>
    </section>
    <details>
      <summary>Change devices or quality</summary>
      ${deviceChoices(studio.media)} ${qualityChoices(studio.media)}
    </details>
    <button class="button end" @click=${actions.askToEnd}>End the broadcast</button>
  `;
}

/** Why it is not on air at this moment. */
function troubles({ studio }: BroadcastView) {
  if (studio.phase === 'live') return nothing;
  const words = failureWords(studio.session.live.failure);
  if (words !== null) return html`<p class="note problem-note">${words}</p>`;
  if (studio.phase !== 'reconnecting') return nothing;
  return html`<p class="note">
    The connection was lost. Your viewers see the last picture; it goes on by itself.
  </p>`;
}

function findings({ studio: { media, session }, seesBlack }: BroadcastView) {
  const found = relevantFindings(withOwn(session.health?.findings ?? [], seesBlack), {
    muted: media.muted,
    hidden: media.hidden,
    noPicture: media.wishes.picture === 'none',
    noMicrophone: media.wishes.microphone === NO_MICROPHONE,
  });
  if (found.length === 0) return nothing;
  return html`
    <ul class="findings" aria-label="What was noticed">
      ${found.map(({ message, severity }) => html`<li data-severity=${severity}>${message}</li>`)}
    </ul>
  `;
}

function layerTable(view: BroadcastView) {
  const { figures, session, media } = view.studio;
  const arriving = session.health?.layers ?? [];
  const wanted = session.maxSpatialLayer ?? Number.POSITIVE_INFINITY;
  return html`
    <table>
      ${figures.layers.toReversed().map(
        (layer) => html`<tr>
          <th scope="row">${layerName(layer.layer, figures.layers.length)}</th>
          <td>${layerWords(withArriving(layer, arriving), layer.layer <= wanted)}</td>
        </tr>`,
      )}
      ${row('Sound', soundWords(media.muted, figures.audioBitrate))}
      ${row('Round trip', figures.roundTripMs === null ? null : `${Math.round(figures.roundTripMs)} ms`)}
      ${row('Packet loss', figures.lossPercent === null ? null : `${figures.lossPercent.toFixed(1)} %`)}
      ${row('Your link', linkWords(figures.availableBitrate))}
      ${row('Limit', figures.limitation === 'none' ? null : limitationWords(figures.limitation))}
    </table>
  `;
}

/** The browser counts what it probes the link with as the lowest Layer's: what arrives is what is sent. */
function withArriving(layer: LayerFigures, arriving: BroadcastHealth['layers']): LayerFigures {
  const found = arriving.find(({ spatialLayer }) => spatialLayer === layer.layer);
  return found === undefined ? layer : { ...layer, bitrate: found.bitrate };
}

function row(name: string, value: string | null) {
  if (value === null) return nothing;
  return html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;
}

function soundWords(muted: boolean, bitrate: number | null): string | null {
  if (bitrate === null) return null;
  return muted ? 'muted by you' : bitrateWords(bitrate);
}

function linkWords(bitrate: number | null): string | null {
  return bitrate === null ? null : `carries about ${bitrateWords(bitrate)}`;
}

const NAMES: Record<number, readonly string[]> = {
  2: ['Small', 'Large'],
  3: ['Small', 'Middle', 'Large'],
};

function layerName(layer: number, count: number): string {
  return NAMES[count]?.[layer] ?? 'Picture';
}

function encodingWords({ studio: { session, figures } }: BroadcastView): string {
  const { codec } = session;
  if (codec === null) return '';
  const hardware = figures.hardwareEncoder === true ? ' It encodes in hardware.' : '';
  return `${codecWords(codec)}${hardware}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
