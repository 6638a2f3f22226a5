import { html, render } from 'lit';
import type { LivePhase } from '../broadcast/live-state.ts';
import { LevelMeter } from '../broadcast/level-meter.ts';
import { levelWords } from '../broadcast/level.ts';
import { explainMissingDevices } from '../broadcast/device-problem.ts';
import { OwnPicture } from '../broadcast/own-picture.ts';
import { forgetStreamKey, rememberStreamKey, takeStreamKey } from '../broadcast/stream-key.ts';
import { Studio } from '../broadcast/studio.ts';
import { livePanel } from './broadcast/broadcast-live.ts';
import {
  type BroadcastActions,
  type BroadcastView,
  type Copied,
  embedCode,
  keyOf,
  watchLink,
} from './broadcast/broadcast-page.ts';
import { setupPanel } from './broadcast/broadcast-setup.ts';
import { stage } from './broadcast/broadcast-stage.ts';
import { whoLooks } from './api.ts';
import { fetchChannels } from './channels-api.ts';
import { header } from './parts.ts';

const COPIED_SHOWN_MS = 2_500;
const ANSWER_MS = 5_000;
const PREVIEW_LOOK_MS = 1_000;
/** How often the meter moves where the person wants little motion, milliseconds. */
const CALM_METER_MS = 500;

const channelId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const streamKey = takeStreamKey(channelId);
const studio = new Studio(channelId, signalUrl());
const view: BroadcastView = {
  channelId,
  studio,
  noDevices: explainMissingDevices({
    secure: isSecureContext,
    hasMediaDevices: navigator.mediaDevices !== undefined,
    pageUrl: location.href,
  }),
  listed: null,
  right: streamKey === null ? null : { streamKey },
  copied: null,
  seesBlack: false,
};
const page = document.querySelector<HTMLElement>('#page');

const actions: BroadcastActions = {
  goLive: () => {
    if (view.right !== null) studio.goLive(keyOf(view.right));
  },
  askToEnd: () => document.querySelector('dialog')?.showModal(),
  useKey: (key) => {
    rememberStreamKey(channelId, key);
    view.right = { streamKey: key };
    measure();
    draw();
  },
  forgetRight: () => {
    forgetStreamKey(channelId);
    view.right = null;
    draw();
  },
  copy: (what) => void copy(what),
  measureAgain: measure,
};

function signalUrl(): string {
  const url = new URL('/signal', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function draw(): void {
  if (page === null) return;
  const onAir = isOnAir(studio.phase);
  const title = view.listed?.title ?? studio.session.channel?.title ?? channelId;
  document.title = `${studio.phase === 'live' ? 'Live' : 'Go live'} · ${title} · Sfumato`;
  render(
    html`
      ${header}
      <main class="studio">
        <h1>${title}</h1>
        <div class="left">${stage(view)}</div>
        <aside class="right" aria-label=${onAir ? 'The broadcast' : 'Before you go live'}>
          ${onAir ? livePanel(view, actions) : setupPanel(view, actions)}
        </aside>
        <p class="visually-hidden" role="status" aria-live="polite">${statusWords()}</p>
        ${endDialog}
      </main>
    `,
    page,
  );
}

function isOnAir(one: LivePhase): boolean {
  return one === 'starting' || one === 'live' || one === 'reconnecting';
}

/** What a screen reader says when it changes. */
function statusWords(): string {
  const words = {
    idle: '',
    starting: 'Going live …',
    live: 'You are on air.',
    reconnecting: 'The connection was lost. Coming back …',
    refused: 'You are not on air.',
    ended: 'You are off air.',
  };
  return words[studio.phase];
}

const endDialog = html`
  <dialog aria-labelledby="end-title">
    <form method="dialog" @submit=${onEndAnswered}>
      <h2 id="end-title">End the broadcast?</h2>
      <p>Your viewers see that the channel is off air.</p>
      <div class="row">
        <button class="button" value="stay">Stay on air</button>
        <button class="button end" value="end">End it</button>
      </div>
    </form>
  </dialog>
`;

function onEndAnswered({ submitter }: SubmitEvent): void {
  if (submitter instanceof HTMLButtonElement && submitter.value === 'end') studio.session.stop();
}

/** Found out before a broadcast, so that it begins with what the link carries. */
function measure(): void {
  if (view.right !== null) void studio.probe.measure(keyOf(view.right));
}

async function copy(what: Copied): Promise<void> {
  const text = what === 'link' ? watchLink(view) : embedCode(view);
  try {
    await navigator.clipboard.writeText(text);
    view.copied = what;
  } catch (error) {
    // Not allowed without HTTPS: then the address is offered as it is.
    console.debug('sfumato: clipboard', error);
    prompt(what === 'link' ? 'The link for your viewers:' : 'The code for your page:', text);
    return;
  }
  draw();
  setTimeout(() => {
    view.copied = null;
    draw();
  }, COPIED_SHOWN_MS);
}

/** Whoever is logged in and may go live here needs no key. */
async function findRight(): Promise<void> {
  if (view.right !== null) return;
  try {
    const { name, mayPublish } = await whoLooks();
    if (!mayPublish || name === null || view.right !== null) return;
    view.right = { account: name };
    draw();
    if (view.noDevices === null) measure();
  } catch (error) {
    // Then a key is asked for, as of everybody else.
    console.debug('sfumato: who looks', error);
  }
}

async function loadChannel(): Promise<void> {
  try {
    const channels = await fetchChannels(AbortSignal.timeout(ANSWER_MS));
    view.listed = channels.find(({ id }) => id === channelId) ?? null;
    draw();
  } catch (error) {
    // The title is a nicety; whether the server is there shows when going live.
    console.debug('sfumato: channel', error);
  }
}

let phase = studio.phase;

function onChanged(): void {
  const before = phase;
  phase = studio.phase;
  // Who is on air now, after one's own broadcast?
  if (phase !== before && !isOnAir(phase)) void loadChannel();
  draw();
}

/** Moves the meter's bar past the template, with every frame or calmly. */
function runMeter(): void {
  const meter = new LevelMeter();
  const wake = () => meter.resume();
  document.addEventListener('pointerdown', wake);
  document.addEventListener('keydown', wake);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const move = () => {
    meter.listenTo(studio.media.sound?.track ?? null);
    showLevel(meter.look());
    if (calm.matches) setTimeout(move, CALM_METER_MS);
    else requestAnimationFrame(move);
  };
  move();
}

function lookAtPreview(): void {
  const own = new OwnPicture();
  setInterval(() => {
    const seesBlack = own.look(document.querySelector('.preview video'));
    if (seesBlack === view.seesBlack) return;
    view.seesBlack = seesBlack;
    draw();
  }, PREVIEW_LOOK_MS);
}

function showLevel(level: number): void {
  const meter = document.querySelector<HTMLElement>('.level');
  meter?.style.setProperty('--level', level.toFixed(3));
  meter?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
  meter?.setAttribute('aria-valuetext', levelWords(level));
  meter?.toggleAttribute('data-loud', levelWords(level) === 'too loud');
}

declare global {
  interface Window {
    /** What the page is made of, for scripts and tests. */
    sfumatoStudio?: Studio;
  }
}

window.sfumatoStudio = studio;
studio.on('changed', onChanged);
draw();
void loadChannel();
void findRight();
if (view.noDevices === null) {
  runMeter();
  lookAtPreview();
  measure();
  void studio.media.open();
}
