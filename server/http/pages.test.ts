import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import express from 'express';
import { Channels } from '../channels/channels.ts';
import { pages } from './pages.ts';

test('scripts are sent compressed to whoever takes them so, and whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-pages-'));
  const script = 'export const answer = 42;\n'.repeat(1_000);
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'page.js'), script);
  const http = createServer(express().use(pages(folder, new Channels())));
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  try {
    const address = http.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const response = await fetch(`http://127.0.0.1:${port}/assets/page.js`);
    expect(['br', 'gzip']).toContain(response.headers.get('content-encoding'));
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toBe(script);
  } finally {
    http.close();
    await rm(folder, { recursive: true, force: true });
  }
});
