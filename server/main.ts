import { existsSync } from 'node:fs';
import { SfumatoError } from '../signaling/contract/errors.ts';
import { App } from './app.ts';
import { parseConfig } from './config.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { createLog } from './telemetry/log.ts';

async function main(files: string[]): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = parseConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  const app = await App.start(config, log);
  stopOnSignals(app, log);
  await sayHowToSetUp(app);
  await app.putOnAir(files);
}

/** Not by the log, which is kept and passed on: whoever has this link becomes the administrator. */
async function sayHowToSetUp(app: App): Promise<void> {
  const link = await app.newSetupLink();
  if (link !== undefined) process.stdout.write(`Make the administrator's account: ${link}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SfumatoError)) throw error;
  // A named reason is for the operator, who needs the sentence and not where in the code it was said.
  process.stderr.write(`${[error.message, error.hint].filter(Boolean).join('\n')}\n`);
  process.exit(1);
}
