import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const document = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** Requirements of OWASP ASVS 5.0 that bind a video server. */
const REQUIREMENTS = [
  ...['1.3.6', '3.3.1', '3.4.2', '3.4.3', '3.4.4', '3.4.6', '3.4.8', '3.5.1', '3.5.5', '3.5.8'],
  ...['4.4.1', '4.4.2', '4.4.3', '5.1.1', '5.2.1', '5.2.4', '5.2.6', '5.3.1', '5.3.2', '5.4.1'],
  ...['6.1.1', '7.4.1', '9.1.1', '9.1.2', '9.1.3', '9.2.1', '9.2.3', '13.2.4', '15.1.3', '15.2.2'],
  ...['15.4.2', '16.2.5', '16.4.1', '16.5.1', '16.5.2', '17.1.1', '17.1.2', '17.2.2', '17.2.3'],
  ...['17.2.4', '17.2.5', '17.2.6', '17.3.1', '17.3.2'],
];

/** A row of a table: requirement, what is done, proof. */
const rows = document
  .split('\n')
  .filter((line) => /^\| [\d.,–\w ]+ \|/.test(line) && !line.startsWith('| ASVS'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

/** `file` "title" */
const proofs = [...document.matchAll(/`([\w./-]+\.test\.ts)` "([^"]+)"/g)].map(
  ([, file = '', title = '']) => ({ file, title }),
);

/** Is it the name of a test, or of a row of a table of tests, and not only a part of it? */
function hasTitle(file: string, title: string): boolean {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'");
  return ["'", '"', '`'].some((quote) => text.includes(quote + title + quote));
}

describe('docs/security.md', () => {
  test('has tests for every requirement', () => {
    const said = rows.map(([, id = '']) => id).join(' ');
    const missing = REQUIREMENTS.filter((id) => !said.split(/[ ,]+/).includes(id));
    expect(missing).toEqual([]);
    const unproved = rows.filter((cells) => !/`[\w./-]+\.(test\.ts|mjs)`/.test(cells[3] ?? ''));
    expect(unproved.map(([, id]) => id)).toEqual([]);
  });

  test('names each test by its title', () => {
    const named = [...document.matchAll(/`[\w./-]+\.test\.ts`/g)].length;
    expect(proofs).toHaveLength(named);
    expect(named).toBeGreaterThan(40);
  });

  test.each(proofs)('$file: $title', ({ file, title }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(hasTitle(file, title)).toBe(true);
  });
});
