/** `npm run build:sdk`: makes the package `@sfumato/embed-sdk` in dist/embed-sdk, ready for `npm publish`. */
import { join } from 'node:path';
import { buildSdk } from './sdk-package.mjs';
import { setUp } from './setup/set-up.mjs';

const place = await setUp('packages');
const folder = join(place.root, 'dist', 'embed-sdk');
await buildSdk(place, folder);
console.log(folder);
