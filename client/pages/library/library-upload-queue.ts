import type { Asset } from '../../../signaling/contract/index.ts';
import { sameAs, uploadLimits } from './library-api.ts';
import { type ChosenFile, isMeant } from './library-files.ts';
import { fingerprintOf } from './library-interrupted.ts';
import { FileUpload, type UploadDetails } from './library-upload.ts';
import { isUnderWay, overall, toBegin, type UploadLimits, whyNot } from './library-upload-state.ts';

/** Files at once: browsers have six connections to one server, and events and pictures need some. */
const AT_ONCE = 2;

/** The files that are to be sent on this visit. */
export class UploadQueue {
  uploads: FileUpload[] = [];
  limits: UploadLimits | null = null;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isUnderWay(): boolean {
    return this.uploads.some(({ state }) => isUnderWay(state));
  }

  /** What cannot be sent is told before a byte of it is. */
  async add(chosen: readonly ChosenFile[], details: UploadDetails): Promise<void> {
    await this.askLimits();
    for (const one of chosen.filter(isMeant)) this.#addOne(one, details);
    this.#proceed();
  }

  /** The server says it again at the creation, so here not knowing them does no harm. */
  async askLimits(): Promise<void> {
    try {
      this.limits = await uploadLimits();
    } catch (error) {
      console.debug('sfumato: limits', error);
      this.limits = null;
    }
  }

  begin(): void {
    this.#proceed();
  }

  resume(upload: FileUpload): void {
    upload.resume();
    this.#proceed();
  }

  pauseAll(): void {
    for (const { state, upload } of this.#with()) if (isUnderWay(state)) upload.pause();
  }

  resumeAll(): void {
    for (const { state, upload } of this.#with()) if (state.name === 'paused') upload.resume();
    this.#proceed();
  }

  async cancel(upload: FileUpload): Promise<void> {
    await upload.cancel();
    this.dismiss(upload);
  }

  dismiss(upload: FileUpload): void {
    this.uploads = this.uploads.filter((one) => one !== upload);
    this.#proceed();
  }

  keepBoth(upload: FileUpload): void {
    upload.duplicate = undefined;
    this.#changed();
  }

  /** What has come to an end, well or not. */
  clear(): void {
    this.uploads = this.uploads.filter(({ state }) => isUnderWay(state) || state.name === 'paused');
    this.#changed();
  }

  /** The network is gone. */
  interrupt(): void {
    for (const upload of this.uploads) upload.interrupt();
  }

  /** The network is there again. */
  hurry(): void {
    for (const upload of this.uploads) upload.hurry();
  }

  /** Something is known of an Asset; perhaps it is one of these. */
  hear(asset: Asset): void {
    const upload = this.uploads.find(({ assetId }) => assetId === asset.id);
    if (upload === undefined) return;
    const known = upload.asset?.checksum;
    upload.asset = asset;
    if (asset.checksum !== undefined && asset.checksum !== known) void this.#compare(upload, asset);
    this.#changed();
  }

  /** An Asset was deleted. */
  lose(id: string): void {
    for (const upload of this.uploads) {
      if (upload.assetId === id && isUnderWay(upload.state)) upload.pause();
    }
    this.uploads = this.uploads.filter(({ assetId }) => assetId !== id);
    for (const upload of this.uploads) {
      if (upload.duplicate?.id === id) upload.duplicate = undefined;
    }
    this.#changed();
  }

  overall() {
    return overall(this.uploads);
  }

  /** Bytes a second of all. */
  get speed(): number | null {
    const speeds = this.uploads.map(({ speed }) => speed).filter((speed) => speed !== null);
    return speeds.length === 0 ? null : speeds.reduce((sum, speed) => sum + speed, 0);
  }

  #with() {
    return this.uploads.map((upload) => ({ upload, state: upload.state }));
  }

  #addOne(chosen: ChosenFile, details: UploadDetails): void {
    const fingerprint = fingerprintOf(chosen.file);
    const twin = this.uploads.find((one) => one.fingerprint === fingerprint);
    if (twin !== undefined && twin.state.name !== 'sent' && twin.state.name !== 'failed') return;
    if (twin?.state.name === 'failed') this.uploads = this.uploads.filter((one) => one !== twin);
    const upload = new FileUpload(chosen, details, () => this.#proceed());
    const reason = this.limits && whyNot(upload.size, this.limits, this.#ahead());
    this.uploads = [...this.uploads, upload];
    if (reason !== null) upload.refuse(reason);
  }

  #ahead() {
    const ahead = this.uploads.filter(
      ({ state, assetId }) => assetId === undefined && isUnderWay(state),
    );
    return { files: ahead.length, bytes: ahead.reduce((sum, { size }) => sum + size, 0) };
  }

  #proceed(): void {
    for (const upload of toBegin(this.uploads, AT_ONCE)) upload.begin();
    this.#changed();
  }

  /** The same file may be there already. */
  async #compare(upload: FileUpload, { id, checksum = '' }: Asset): Promise<void> {
    try {
      const same = await sameAs(checksum);
      upload.duplicate = same.find((one) => one.id !== id);
      this.#changed();
    } catch (error) {
      console.debug('sfumato: duplicates', error);
    }
  }
}
