import { html, nothing } from 'lit';
import type { FileUpload } from './library-upload.ts';
import { remainingSeconds } from './library-rate.ts';
import type { UploadQueue } from './library-upload-queue.ts';
import { isUnderWay } from './library-upload-state.ts';
import { countWords, remainingWords, stateWords } from './library-words.ts';
import { sizeWords } from '../words.ts';

export type UploadActions = Record<
  'pause' | 'resume' | 'cancel' | 'dismiss' | 'keep' | 'remove',
  (upload: FileUpload) => void
>;

/** All together. */
export function overallLine(queue: UploadQueue) {
  const { files, done, bytes, sent } = queue.overall();
  const fraction = bytes === 0 ? 0 : sent / bytes;
  const paused = queue.uploads.some(({ state }) => state.name === 'paused');
  const left = queue.isUnderWay ? remainingWords(remainingSeconds(bytes - sent, queue.speed)) : '';
  return html`
    <p class="quiet">
      <span role="status">${done} of ${countWords(files, 'file')} uploaded.</span>
      ${sizeWords(sent)} of ${sizeWords(bytes)}${left === '' ? nothing : `, ${left}`}
    </p>
    <progress max="1" .value=${fraction} aria-label="All uploads"></progress>
    <div class="actions">
      ${queue.isUnderWay ? html`<button class="button small" @click=${() => queue.pauseAll()}>Pause all</button>` : nothing}
      ${paused ? html`<button class="button small" @click=${() => queue.resumeAll()}>Go on with all</button>` : nothing}
      <button class="button small" @click=${() => queue.clear()}>Clear what is done</button>
    </div>
  `;
}

export function uploadLine(upload: FileUpload, actions: UploadActions) {
  const { name, size, sent, state, duplicate } = upload;
  return html`
    <div class="upload" data-state=${state.name}>
      <div class="line">
        <strong class="grow">${name}</strong>
        ${buttons(upload, actions)}
      </div>
      ${state.name === 'sent' || state.name === 'failed' ? nothing : html`<progress max="1" .value=${size === 0 ? 0 : sent / size} aria-label="Upload of ${name}"></progress>`}
      ${wordsOf(upload)}
      ${duplicate === undefined ? nothing : twin(upload, duplicate, actions)}
    </div>
  `;
}

function wordsOf(upload: FileUpload) {
  const { state, asset, assetId } = upload;
  if (state.name === 'failed') return html`<p class="problem" role="alert">${state.reason}</p>`;
  if (state.name !== 'sent') return html`<p class="quiet">${sendingWords(upload)}</p>`;
  if (asset?.state === 'refused')
    return html`<p class="problem" role="alert">${stateWords(asset)}</p>`;
  return html`
    <p class="quiet">
      ${asset === undefined ? 'Uploaded' : stateWords(asset) || 'Ready'}
      ${assetId !== undefined && asset?.watchable === true ? html`<a href="/watch/${assetId}">Watch</a>` : nothing}
    </p>
  `;
}

function sendingWords({ state, sent, size, speed }: FileUpload): string {
  const part = `${sizeWords(sent)} of ${sizeWords(size)}`;
  if (state.name === 'queued') return `${sizeWords(size)}, waits for its turn`;
  if (state.name === 'paused') return `${part}, paused`;
  if (state.name === 'waiting')
    return `${part}. The server cannot be reached; it goes on by itself.`;
  if (sent === size) return 'Everything is sent; the server looks at it …';
  const rate = speed === null ? '' : `${sizeWords(speed)} a second`;
  const left = remainingWords(remainingSeconds(size - sent, speed));
  return [part, rate, left].filter(Boolean).join(', ');
}

function buttons(upload: FileUpload, { pause, resume, cancel, dismiss }: UploadActions) {
  const { state, name } = upload;
  const button = (words: string, act: (upload: FileUpload) => void) =>
    html`<button class="button small" aria-label="${words}: ${name}" @click=${() => act(upload)}>${words}</button>`;
  if (state.name === 'sent') return button('Dismiss', dismiss);
  return html`
    ${isUnderWay(state) ? button('Pause', pause) : nothing}
    ${state.name === 'paused' ? button('Go on', resume) : nothing}
    ${state.name === 'failed' ? button('Try again', resume) : nothing}
    ${button(state.name === 'failed' ? 'Dismiss' : 'Cancel', cancel)}
  `;
}

function twin(
  upload: FileUpload,
  { id, title }: { id: string; title: string },
  { keep, remove }: UploadActions,
) {
  return html`
    <div class="twin" role="alert">
      <p>The library has the same file already: <a href="/watch/${id}">${title}</a></p>
      <div class="actions">
        <button class="button small" @click=${() => keep(upload)}>Keep both</button>
        <button class="button small danger" @click=${() => remove(upload)}>Delete this one</button>
      </div>
    </div>
  `;
}
