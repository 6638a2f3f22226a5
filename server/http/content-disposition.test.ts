import { validateHeaderValue } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentDisposition } from './content-disposition.ts';

describe('the name of a file to be kept', () => {
  test.each([
    ['film.mp4', 'attachment; filename="film.mp4"'],
    ['Über uns.mov', `attachment; filename="_ber uns.mov"; filename*=UTF-8''%C3%9Cber%20uns.mov`],
    ['a"b\\c.mp4', 'attachment; filename="a_b_c.mp4"'],
    ['../../etc/passwd', 'attachment; filename="_.._etc_passwd"'],
    ['x\r\nSet-Cookie: a=b', 'attachment; filename="xSet-Cookie_ a=b"'],
    ['\u202Egpj.exe', 'attachment; filename="gpj.exe"'],
    ['50%41.mp4', `attachment; filename="50_41.mp4"; filename*=UTF-8''50%2541.mp4`],
    ["it's (1).mp4", 'attachment; filename="it\'s (1).mp4"'],
    [
      "’t's (1)*.mp4",
      `attachment; filename="_t's (1)_.mp4"; filename*=UTF-8''%E2%80%99t%27s%20%281%29_.mp4`,
    ],
    ['', 'attachment; filename="file"'],
    ['...', 'attachment; filename="file"'],
    ['\ud800.mp4', `attachment; filename="_.mp4"; filename*=UTF-8''%EF%BF%BD.mp4`],
  ])('%j', (name, expected) => {
    expect(contentDisposition('attachment', name)).toBe(expected);
  });

  test('a long name keeps its ending', () => {
    const value = contentDisposition('inline', `${'x'.repeat(500)}.mp4`);
    expect(value).toMatch(/^inline; filename="x{116}\.mp4"$/);
  });

  test('whatever the name is, it is one header of one name', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) }),
    );
    fc.assert(
      fc.property(name, (text) => {
        const value = contentDisposition('attachment', text);
        validateHeaderValue('Content-Disposition', value);
        // RFC 6266 section 4.1, with quoted-string and ext-value.
        expect(value).toMatch(
          /^attachment; filename="[\x20\x21\x23-\x5b\x5d-\x7e]+"(; filename\*=UTF-8''([\w!#$&+.^`|~-]|%[0-9A-F]{2})+)?$/,
        );
        expect(value).not.toMatch(/filename="[^"]*[/\\:*?<>|]/);
        expect(decodeURIComponent(value.split("''")[1] ?? '')).not.toMatch(/[\p{Cc}/\\]/u);
      }),
      { numRuns: 1_000 },
    );
  });
});
