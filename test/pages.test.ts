import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from './support/app.ts';

let server: TestApp;

beforeAll(async () => {
  server = await startApp();
});
afterAll(async () => {
  await server.close();
});

test('scripts are sent compressed to whoever takes them so, and may be kept', async () => {
  const page = await (await fetch(server.url)).text();
  const [, script] = /<script[^>]* src="(\/assets\/[^"]+)"/.exec(page) ?? [];
  const response = await fetch(`${server.url}${script}`);
  expect(['br', 'gzip']).toContain(response.headers.get('content-encoding'));
  expect(response.headers.get('cache-control')).toContain('immutable');
  const plain = await fetch(`${server.url}${script}`, {
    headers: { 'Accept-Encoding': 'identity' },
  });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe(await response.text());
});
