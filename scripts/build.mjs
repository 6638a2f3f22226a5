/** `npm run build`: bundles the pages into dist/client where their sources have changed. */
import { setUp } from './setup/set-up.mjs';

await setUp('build');
