import { expect, test } from '@jest/globals';
import { type Logger, pino } from 'pino';
import { logOptions } from './log.ts';

function logged(write: (log: Logger) => void): string {
  let text = '';
  write(pino(logOptions('info'), { write: (line: string) => (text += line) }));
  return text;
}

test('what strangers write in a line stays a value of it: no second line, no control characters', () => {
  const nasty = 'film"}\r\n{"level":50,"msg":"forged"}\u001b[2J\0';
  const text = logged((log) => log.info({ title: nasty, [nasty]: 1 }, nasty));
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect([...text.trimEnd()].filter((character) => character < ' ')).toEqual([]);
  const entry: unknown = JSON.parse(text);
  expect(entry).toMatchObject({ level: 30, title: nasty, msg: nasty });
});

test('what is called a secret is not written, wherever it stands', () => {
  const value = 'hunter2-hunter2';
  const names = [
    'token',
    'streamKey',
    'password',
    'newPassword',
    'secret',
    'authorization',
    'cookie',
  ];
  for (const name of names) {
    const text = logged((log) => {
      log.info({ [name]: value });
      log.info({ request: { [name]: value } });
    });
    expect(text).not.toContain(value);
  }
});
