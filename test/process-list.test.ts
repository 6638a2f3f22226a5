import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type TestDatabases, testDatabases } from './support/databases.ts';
import { publish } from './support/libdatachannel.ts';
import { until } from './support/live-server.ts';
import { POSTGRES_PASSWORD } from './support/postgres.ts';
import { createChannel, ADMIN_TOKEN } from './support/going-live.ts';
import { commandLines } from './support/run-record.ts';
import { ServerProcess } from './support/server-process.ts';

describe('what everybody on the machine can read', () => {
  let databases: TestDatabases;
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    databases = await testDatabases('PostgreSQL');
    folder = await mkdtemp(join(tmpdir(), 'sfumato-processes-'));
    const { url = '' } = await databases.create();
    const secrets = { ADMIN_TOKEN, DATABASE_URL: url };
    server = await ServerProcess.start({
      settings: { ...secrets, DATA_DIR: folder, DEMO: 'off', LOG_LEVEL: 'debug' },
      until: 'listening',
    });
  });

  afterAll(async () => {
    await server.stop();
    await databases.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('no token, key or password is in the process list while somebody is on air', async () => {
    const key = await createChannel(server.url, 'live', 'Live');
    const publication = await publish(`${server.url}/whip/live`, key);
    await until(async () =>
      (await (await fetch(`${server.url}/api/v1/channels/live`)).text()).includes('"live":true'),
    );
    const lines = commandLines();
    publication.close();
    // The server and its worker are among them.
    expect(lines.filter((line) => /server\/main\.ts|mediasoup/.test(line)).length).toBeGreaterThan(
      1,
    );
    for (const secret of [ADMIN_TOKEN, POSTGRES_PASSWORD, key]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  test('nor is one in a file of its data that others may read', async () => {
    for (const name of await readdir(folder, { recursive: true })) {
      const text = await readFile(join(folder, name), 'latin1').catch(() => '');
      for (const secret of [ADMIN_TOKEN, POSTGRES_PASSWORD]) expect(text).not.toContain(secret);
    }
  });
});
