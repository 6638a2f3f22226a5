import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { App } from '../../server/app.ts';
import { parseConfig } from '../../server/config.ts';
import { freshDatabase } from './databases.ts';
import { recordingLogger, recordProcesses, recordSecret } from './run-record.ts';

export interface TestApp {
  app: App;
  folder: string;
  /** None where it is the file in the folder. */
  databaseUrl: string | undefined;
  url: string;
  close(): Promise<void>;
}

/** The real server in this process, on free ports, with a folder of its own that goes with it. */
export async function startApp(
  settings: Record<string, string> = {},
  log: Logger = recordingLogger(),
): Promise<TestApp> {
  recordSecret('ADMIN_TOKEN', settings['ADMIN_TOKEN']);
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-test-'));
  const config = parseConfig({
    ...process.env,
    HOST: '127.0.0.1',
    PORT: '0',
    TLS_PORT: '0',
    RTC_PORT: '0',
    DATA_DIR: folder,
    DEMO: 'off',
    ...(settings['DATABASE_URL'] === undefined && (await freshDatabase())),
    ...settings,
  });
  const app = await App.start(config, log);
  const close = async () => {
    recordProcesses();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  };
  const { DATA_DIR, DATABASE_URL: databaseUrl } = config;
  return { app, folder: DATA_DIR, databaseUrl, url: `http://127.0.0.1:${app.port}`, close };
}
