import { html, nothing } from 'lit';
import {
  type Asset,
  type AssetFile,
  type Collection,
  VISIBILITIES,
} from '../../../signaling/contract/index.ts';
import { dayWords } from '../admin/admin-words.ts';
import { ask } from '../admin/admin-parts.ts';
import { type BatchEdit, deleteAsset, editAssets, putItems, updateAsset } from './library-api.ts';
import { FormDialog, said } from '../form-dialog.ts';
import {
  collectionField,
  isVisibility,
  visibilityField,
  WITHOUT_PASSWORD,
} from './library-dialog.ts';
import { fileUrl } from './library-pictures.ts';
import { tagsOfText } from './library-query.ts';
import { countWords, FILE_WORDS } from './library-words.ts';
import { editRules } from '../rules/rules-dialog.ts';
import { sizeWords } from '../words.ts';

/** One Asset: what is said of it, who sees it, what was made of it. */
export class LibraryEdit extends FormDialog {
  protected readonly heading = 'Edit';
  asset: Asset | undefined;
  collections: readonly Collection[] = [];
  /** What became of it. */
  outcome: { changed: Asset } | { deleted: string } | null = null;

  protected override content() {
    const { asset } = this;
    if (asset === undefined) return html``;
    const { title, description, tags, visibility, reason } = asset;
    return html`
      ${reason === undefined ? nothing : html`<p class="state" data-state="refused">${reason}</p>`}
      <label>Title<input name="title" required maxlength="200" .value=${title} /></label>
      <label>Description<textarea name="description" rows="4" maxlength="5000" .value=${description}></textarea></label>
      <label>Tags, with commas between them<input name="tags" list="known-tags" .value=${tags.join(', ')} /></label>
      <div class="visibility-line">
        ${visibilityField(visibility, undefined, visibility === 'password' ? VISIBILITIES : WITHOUT_PASSWORD)}
        <button class="button" type="button" ?disabled=${this.busy} @click=${() => this.#editRules(asset)}>Password, sites, times …</button>
      </div>
      ${collectionField('Put it into a collection', 'collection', { collections: this.collections, chosen: '', none: 'None' })}
      ${this.#facts(asset)}
      ${this.buttons(
        'Save',
        html`<button class="button danger" type="button" @click=${() => this.#delete(asset)}>Delete</button>`,
      )}
    `;
  }

  protected override async save(data: FormData): Promise<void> {
    const { asset } = this;
    if (asset === undefined) return;
    const visibility = said(data, 'visibility');
    const changed = await updateAsset(asset.id, {
      title: said(data, 'title'),
      description: said(data, 'description'),
      tags: tagsOfText(said(data, 'tags')),
      ...(isVisibility(visibility) && visibility !== asset.visibility && { visibility }),
    });
    const collection = said(data, 'collection');
    if (collection !== '') await putItems(collection, [asset.id]);
    this.outcome = { changed };
  }

  #facts({ id, files, bytes, createdAt, originalName, owner }: Asset) {
    return html`
      <p class="quiet">
        ${originalName ?? 'The original'}${bytes === undefined ? nothing : `, ${sizeWords(bytes)}`};
        put in on ${dayWords(createdAt)}${owner === undefined ? nothing : ` by ${owner.name}`}
      </p>
      <p><a class="button" href="${fileUrl(id, 'original')}?download" download>Download the original</a></p>
      <details>
        <summary>${countWords(files.length, 'file')} made of it</summary>
        <ul class="files">${files.map((file) => this.#file(id, file))}</ul>
      </details>
    `;
  }

  #file(id: string, { role, name, bytes, width, height }: AssetFile) {
    const size = width === undefined || height === undefined ? '' : `${width} × ${height}`;
    const facts = [FILE_WORDS[role], size, sizeWords(bytes)].filter(Boolean).join(', ');
    return html`<li><a href=${fileUrl(id, name)}>${name}</a> <span class="quiet">${facts}</span></li>`;
  }

  /** What else was written here stays as it was written. */
  async #editRules(asset: Asset): Promise<void> {
    const { id, title } = asset;
    const rules = await editRules({ kind: 'assets', id, title });
    if (rules === null) return;
    this.asset = { ...asset, visibility: rules.visibility };
    this.outcome = { changed: this.asset };
    this.requestUpdate();
  }

  async #delete({ id, title }: Asset): Promise<void> {
    const text = `“${title}” goes for good, with its original and everything that was made of it.`;
    if (!(await ask('Delete this?', text, 'Delete for good'))) return;
    const done = await this.attempt(() => deleteAsset(id));
    if (!done) return;
    this.outcome = { deleted: id };
    this.close();
  }
}

/** Many Assets at once. What is left as it is does not change. */
export class LibraryBatch extends FormDialog {
  ids: readonly string[] = [];
  collections: readonly Collection[] = [];
  /** Those that could not be changed, in words. */
  trouble = '';

  protected override get heading(): string {
    return `Edit ${countWords(this.ids.length)}`;
  }

  protected override content() {
    const { collections } = this;
    return html`
      ${visibilityField('', 'As it is', WITHOUT_PASSWORD)}
      <label>Add tags, with commas between them<input name="addTags" list="known-tags" /></label>
      <label>Remove tags<input name="removeTags" list="known-tags" /></label>
      ${collectionField('Put them into a collection', 'addTo', { collections, chosen: '', none: 'None' })}
      ${this.buttons('Apply')}
    `;
  }

  protected override async save(data: FormData): Promise<void> {
    const edit = batchEdit(data);
    if (Object.keys(edit).length === 0) return;
    this.trouble = troubleWords(await editAssets(this.ids, edit));
  }
}

function batchEdit(data: FormData): BatchEdit {
  const visibility = said(data, 'visibility');
  const [add, remove] = [tagsOfText(said(data, 'addTags')), tagsOfText(said(data, 'removeTags'))];
  const addTo = said(data, 'addTo');
  return {
    ...(isVisibility(visibility) && { visibility }),
    ...(add.length > 0 && { addTags: add }),
    ...(remove.length > 0 && { removeTags: remove }),
    ...(addTo !== '' && { addTo }),
  };
}

/** @returns nothing where everything went well */
export function troubleWords({ failed }: { failed: readonly { message: string }[] }): string {
  const reasons = [...new Set(failed.map(({ message }) => message))];
  return failed.length === 0
    ? ''
    : `${countWords(failed.length)} not changed: ${reasons.join(' ')}`;
}
