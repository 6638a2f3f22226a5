import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshDatabase } from './support/databases.ts';
import { recordLog, recordSecret } from './support/run-record.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Everything that a start says until it listens and has said what comes after that. */
async function sayingOfStart(settings: Record<string, string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sfumato-start-'));
  const ports = { HOST: '127.0.0.1', PORT: '0', TLS_PORT: '0', RTC_PORT: '0', WORKERS: '1' };
  const database = await freshDatabase();
  const server = spawn(process.execPath, ['server/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...ports, ...database, DATA_DIR: folder, DEMO: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of server.stdout) {
    said += String(chunk);
    if (said.includes('Sfumato listens')) server.kill('SIGTERM');
  }
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
  const link = /^.*#setup=([\w-]+).*$/m;
  recordSecret('a set-up link', link.exec(said)?.[1]);
  recordSecret('ADMIN_TOKEN', settings['ADMIN_TOKEN']);
  recordLog('server', said.replace(link, ''));
  return said;
}

describe('the first start', () => {
  test('prints the set-up link for whoever started it, beside the log and not in it', async () => {
    const lines = (await sayingOfStart({})).trim().split('\n');
    const withLink = lines.filter((line) => /\/admin#setup=[\w-]{32}/.test(line));
    expect(withLink).toHaveLength(1);
    expect(withLink[0]).not.toMatch(/^\{/);
  });

  test('prints none where automation has its own token', async () => {
    const said = await sayingOfStart({ ADMIN_TOKEN: 'an-admin-token-of-32-characters0' });
    expect(said).not.toContain('#setup=');
    expect(said).not.toContain('an-admin-token');
  });
});
