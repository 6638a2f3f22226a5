import { existsSync } from 'node:fs';
import { App } from './app.ts';
import { parseConfig } from './config.ts';
import { createLog } from './telemetry/log.ts';
import { stopOnSignals } from './stop-on-signals.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const config = parseConfig(process.env);
const log = createLog(config.LOG_LEVEL);
const app = await App.start(config, log);
stopOnSignals(app, log);
await app.putOnAir(process.argv.slice(2));
