import { describe, expect, test } from '@jest/globals';
import { digits, figure, formatTable } from './figure.ts';

describe('a figure', () => {
  test('meets its target by its median', () => {
    const target = { times: 1.5, plus: 1, says: '1.5 x + 1 ms' };
    const measured = { name: 'first frame', unit: 'ms', floor: [100, 90, 110], target };
    expect(figure({ ...measured, ours: [150, 200, 140] })).toMatchObject({ ratio: 1.5, met: true });
    expect(figure({ ...measured, ours: [152, 152, 152] }).met).toBe(false);
  });

  test('meets a target of its own though its floor never came to an end', () => {
    const target = { plus: 3, says: '3 s' };
    const measured = { name: 'start', unit: 's', floor: [Number.POSITIVE_INFINITY], target };
    expect(figure({ ...measured, ours: [2] }).met).toBe(true);
    expect(figure({ ...measured, ours: [4] }).met).toBe(false);
  });

  test('may stand without floor and target', () => {
    const alone = figure({ name: 'zap', unit: 'ms', ours: [10] });
    expect(alone).toMatchObject({ ratio: undefined, met: undefined, floor: undefined });
  });

  test('is a line of the table', () => {
    const table = formatTable([
      figure({ name: 'zap', unit: 'ms', ours: [10, 20, 1234] }),
      figure({ name: 'x', unit: 's', ours: [0.5], target: { plus: 0.1, says: '0.1 s' } }),
    ]);
    expect(table.split('\n')).toHaveLength(4);
    expect(table).toContain('20.0 (10.0-1234)');
    expect(table).toMatch(/0\.1 s +MISSED/);
  });

  test('has three digits that matter', () => {
    expect([0.012345, 1.2345, 12.345, 1234.5].map(digits)).toEqual([
      '0.0123',
      '1.23',
      '12.3',
      '1235',
    ]);
  });
});
