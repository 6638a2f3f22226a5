import { html, nothing } from 'lit';
import type { Asset, Visibility } from '../../../signaling/contract/index.ts';
import { AdminElement } from '../admin/admin-element.ts';
import { deleteAsset } from './library-api.ts';
import { type ChosenFile, filesOfDrop, pickFiles } from './library-files.ts';
import { WITHOUT_PASSWORD } from './library-dialog.ts';
import { select } from './library-find.ts';
import { ICONS } from './library-icons.ts';
import { findInterrupted, forget, type Interrupted, reopened } from './library-interrupted.ts';
import type { FileUpload } from './library-upload.ts';
import { UploadQueue } from './library-upload-queue.ts';
import { overallLine, uploadLine } from './library-upload-lines.ts';
import { countWords, VISIBILITY_WORDS } from './library-words.ts';
import { sizeWords } from '../words.ts';

/** Files come in here: by buttons, by dropping them anywhere on the page, and those of an earlier visit. */
export class LibraryUploads extends AdminElement {
  static override properties = { collection: {}, place: {} };
  /** Where new ones are put: a collection's id, and its title. */
  declare collection: string | undefined;
  declare place: string | undefined;
  readonly queue = new UploadQueue(() => this.requestUpdate());
  /** As new ones are here, until somebody chooses. */
  #visibility: Visibility | undefined;
  #interrupted: Interrupted[] = [];
  #dragging = false;
  #ended = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    window.addEventListener('dragover', (event) => this.#onDragOver(event), { signal });
    window.addEventListener('dragleave', (event) => this.#onDragLeave(event), { signal });
    window.addEventListener('drop', (event) => void this.#onDrop(event), { signal });
    window.addEventListener('offline', () => this.queue.interrupt(), { signal });
    window.addEventListener('online', () => this.queue.hurry(), { signal });
    window.addEventListener('beforeunload', (event) => this.#onLeave(event), { signal });
    void this.#findInterrupted();
    void this.queue.askLimits().then(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended.abort();
  }

  override render() {
    return html`
      <div class="put-in">
        <button class="button strong" @click=${() => this.#chooseFiles()}>${ICONS.files} Add files</button>
        <button class="button" @click=${() => this.#input('folder')?.click()}>${ICONS.folder} Add a folder</button>
        <input type="file" multiple hidden data-of="files" @change=${(event: Event) => this.#onChosen(event)} />
        <input type="file" webkitdirectory hidden data-of="folder" @change=${(event: Event) => this.#onChosen(event)} />
      </div>
      ${this.problem()} ${this.#interrupted.length > 0 ? this.#interruptedPart() : nothing}
      ${this.queue.uploads.length > 0 ? this.#panel() : nothing}
      <div class="drop-here" ?hidden=${!this.#dragging} aria-hidden="true"><p>${this.#dropWords()}</p></div>
    `;
  }

  #panel() {
    const { queue } = this;
    const actions = {
      pause: (upload: FileUpload) => upload.pause(),
      resume: (upload: FileUpload) => queue.resume(upload),
      cancel: (upload: FileUpload) => void queue.cancel(upload),
      dismiss: (upload: FileUpload) => queue.dismiss(upload),
      keep: (upload: FileUpload) => queue.keepBoth(upload),
      remove: (upload: FileUpload) => this.#deleteTwin(upload),
    };
    return html`
      <section class="panel uploads" aria-labelledby="uploads">
        <div class="line"><h2 id="uploads">Uploads</h2>${this.#settings()}</div>
        ${overallLine(queue)}
        <ul class="list">${queue.uploads.map((upload) => html`<li>${uploadLine(upload, actions)}</li>`)}</ul>
      </section>
    `;
  }

  #settings() {
    const words = WITHOUT_PASSWORD.map(
      (name) => [name, `New ones: ${VISIBILITY_WORDS[name].toLowerCase()}`] as const,
    );
    const all = [['', 'New ones: as is usual here'], ...words] as const;
    return select('Who sees what is uploaded', all, this.#visibility ?? '', (value) => {
      this.#visibility = WITHOUT_PASSWORD.find((name) => name === value);
    });
  }

  #interruptedPart() {
    const count = this.#interrupted.length;
    const one = count === 1;
    const withHandle = this.#interrupted.filter(({ handle }) => handle !== undefined);
    return html`
      <section class="panel uploads" aria-label="Interrupted uploads">
        <p role="status"><strong>${countWords(count, 'upload')} ${one ? 'was' : 'were'} interrupted:</strong>
          ${this.#interrupted.map(({ name }) => name).join(', ')}.
          ${withHandle.length === count ? nothing : `Choose the ${one ? 'file' : 'files'} again to go on where it stopped.`}</p>
        <div class="actions">
          ${withHandle.length > 0 ? html`<button class="button strong" @click=${() => this.#goOn(withHandle)}>Go on</button>` : nothing}
          ${withHandle.length < count ? html`<button class="button" @click=${() => this.#chooseFiles()}>Choose ${one ? 'it' : 'them'} again</button>` : nothing}
          <button class="button" @click=${() => this.#forgetAll()}>Forget ${one ? 'it' : 'them'}</button>
        </div>
      </section>
    `;
  }

  #dropWords(): string {
    const { limits } = this.queue;
    const where = this.place === undefined ? '' : ` into “${this.place}”`;
    const most = limits === null ? '' : ` Up to ${sizeWords(limits.maxBytes)} each.`;
    return `Drop films, sound and images here${where}.${most}`;
  }

  async #add(files: readonly ChosenFile[]): Promise<void> {
    if (files.length === 0) return;
    await this.queue.add(files, { visibility: this.#visibility, collection: this.collection });
    const prints = new Set(this.queue.uploads.map(({ fingerprint }) => fingerprint));
    this.#interrupted = this.#interrupted.filter(({ fingerprint }) => !prints.has(fingerprint));
    this.requestUpdate();
  }

  async #chooseFiles(): Promise<void> {
    const picked = await pickFiles();
    if (picked === undefined) this.#input('files')?.click();
    else await this.#add(picked);
  }

  async #onChosen({ currentTarget }: Event): Promise<void> {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    const files = [...(currentTarget.files ?? [])].map((file) => ({ file }));
    // The same file can be chosen again.
    currentTarget.value = '';
    await this.#add(files);
  }

  #input(of: 'files' | 'folder'): HTMLInputElement | null {
    return this.querySelector(`input[data-of=${of}]`);
  }

  #onDragOver(event: DragEvent): void {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    this.#setDragging(true);
  }

  #onDragLeave({ relatedTarget }: DragEvent): void {
    if (relatedTarget === null) this.#setDragging(false);
  }

  async #onDrop(event: DragEvent): Promise<void> {
    this.#setDragging(false);
    if (!bringsFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    await this.#add(await filesOfDrop(event.dataTransfer));
  }

  #setDragging(dragging: boolean): void {
    if (this.#dragging === dragging) return;
    this.#dragging = dragging;
    this.requestUpdate();
  }

  #onLeave(event: BeforeUnloadEvent): void {
    if (this.queue.isUnderWay) event.preventDefault();
  }

  async #findInterrupted(): Promise<void> {
    this.#interrupted = await findInterrupted();
    this.requestUpdate();
  }

  async #goOn(those: readonly Interrupted[]): Promise<void> {
    for (const { handle } of those) {
      const chosen = handle && (await reopened(handle));
      if (chosen !== undefined) await this.#add([chosen]);
    }
  }

  async #forgetAll(): Promise<void> {
    for (const one of this.#interrupted) await forget(one);
    await this.#findInterrupted();
  }

  async #deleteTwin(upload: FileUpload): Promise<void> {
    const { assetId } = upload;
    if (assetId === undefined) return;
    if (await this.attempt(() => deleteAsset(assetId))) this.queue.dismiss(upload);
  }

  hear(asset: Asset): void {
    this.queue.hear(asset);
  }
}

/** Not what is dragged about within the page. */
function bringsFiles({ dataTransfer }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return types.includes('Files') && !types.some((type) => type.startsWith('application/x-sfumato'));
}
