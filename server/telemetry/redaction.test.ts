import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { logOptions } from './log.ts';
import { redact } from './redaction.ts';

const JWT = `${btoa('{"alg":"EdDSA"}')}.${btoa('{"id":"*"}')}.c2lnbmF0dXJl`.replaceAll('=', '');

describe('what opens something is in no line of the log', () => {
  test.each([
    ['/watch/one?token=abc', '/watch/one?token=[Redacted]'],
    ['/a?x=1&token=abc&y=2', '/a?x=1&token=[Redacted]&y=2'],
    ['"url":"/a?TOKEN=abc","b":1', '"url":"/a?TOKEN=[Redacted]","b":1'],
    ['/callback?code=abc&state=x', '/callback?code=[Redacted]&state=x'],
    ['https://s3/x?X-Amz-Signature=ab12', 'https://s3/x?X-Amz-Signature=[Redacted]'],
    [`wrong: ${JWT}!`, 'wrong: [JWT]!'],
    [`Bearer ${JWT.slice(0, JWT.lastIndexOf('.') + 1)}`, 'Bearer [JWT]'],
    ['/watch/one?tokens=3', '/watch/one?tokens=3'],
    ['a token=b of nobody', 'a token=b of nobody'],
  ])('%s', (line, expected) => {
    expect(redact(line)).toBe(expected);
  });

  test('wherever it stands: message, error, object', () => {
    const lines: string[] = [];
    const log = pino(logOptions('info'), { write: (line) => lines.push(line) });
    const url = `https://a.example/watch/one?token=${JWT}`;
    const err = new Error(`fetching ${url} failed`, { cause: new Error(url) });
    log.info({ url, err, deep: { er: [{ url }] }, token: JWT }, `asked for ${url}`);
    log.child({ url }).info('child');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toContain(JWT);
      expect(JSON.parse(line)).toHaveProperty(
        'url',
        'https://a.example/watch/one?token=[Redacted]',
      );
    }
  });
});
