import { describe, expect, test } from '@jest/globals';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { Failures, RETRY_MS } from './failures.ts';

describe('Assets that were tried in vain', () => {
  test('are tried again after a while: sooner where it may be the server’s own fault', () => {
    const failures = new Failures();
    const nowMs = Date.now();
    expect(failures.nextRetryMs).toBe(Number.POSITIVE_INFINITY);
    expect(failures.note('a', new SfumatoError('notFound', 'Gone.'))).toEqual({
      assetId: 'a',
      code: 'notFound',
      reason: 'Gone.',
    });
    expect(failures.nextRetryMs).toBeGreaterThanOrEqual(nowMs + RETRY_MS);
    expect(failures.note('b', new Error('EIO')).code).toBe('unreadable');
    expect(failures.nextRetryMs).toBeLessThan(nowMs + RETRY_MS);
    expect([failures.has('a', nowMs), failures.has('c', nowMs)]).toEqual([true, false]);
    expect(failures.has('a', nowMs + 2 * RETRY_MS)).toBe(false);
    expect(failures.first?.code).toBe('unreadable');
    failures.forget('b');
    expect(failures.first).toBeUndefined();
  });
});
