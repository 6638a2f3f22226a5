import { AssetPage } from '../asset/asset-page.ts';

/** Opens the page of the Asset that the address names. */
export function watchAsset(): void {
  const root = document.querySelector<HTMLElement>('#page');
  if (root === null) throw new Error('not the page of an Asset');
  new AssetPage(root).open();
}
