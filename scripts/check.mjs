/** `npm run check`: format, lint and types. */
import { runChecks } from './checks.mjs';
import { setUp } from './setup/set-up.mjs';

const { failed } = await runChecks(await setUp('packages'));
process.exitCode = failed > 0 ? 1 : 0;
