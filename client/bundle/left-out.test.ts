import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FORMAT_METHOD, hollow, leftOutMethod } from './left-out.ts';

const zod = (file: string) =>
  readFile(join(import.meta.dirname, '../../node_modules/zod/v4', file), 'utf8');

test('a hollow module has the names of the real one', async () => {
  const made = hollow(await zod('core/to-json-schema.js'));
  for (const name of ['createToJSONSchemaMethod', 'createStandardJSONSchemaMethod']) {
    expect(made).toContain(`export const ${name} = () => undefined;`);
  }
  expect(hollow('const hidden = 1;\nexport class Shown {}')).toBe(
    'export const Shown = () => undefined;',
  );
  expect(hollow(await zod('locales/en.js'))).toBe('export default () => ({});');
});

test('the methods that bring formats are found in zod, and nothing else is', async () => {
  const code = await zod('classic/schemas.js');
  const found = (code.match(FORMAT_METHOD) ?? []).map((method) => /\w+/.exec(method)?.[0]);
  expect(found).toEqual(expect.arrayContaining(['email', 'url', 'uuid', 'jwt', 'ipv4']));
  for (const needed of ['min', 'max', 'regex', 'optional', 'int']) {
    expect(found).not.toContain(needed);
  }
});

test('their use in a source of ours is found', () => {
  expect(leftOutMethod('const a = z.string().min(3).email();')).toBe('email');
  expect(leftOutMethod('z\n  .string()\n  .max(3)\n  .url()')).toBe('url');
  expect(leftOutMethod('z.email(); z.string().min(3); link.url()')).toBeUndefined();
});
