import { describe, expect, test } from '@jest/globals';
import { NOT_PROBING, type ProbeStep, probed } from './probing.ts';

type Reading = Parameters<typeof probed>[1];

/** Turn after turn, with what each of them sets carried out. */
function steps(turns: number, readingAt: (turn: number) => Omit<Reading, 'capped'>): ProbeStep[] {
  let probing = NOT_PROBING;
  let capped = false;
  return Array.from({ length: turns }, (_, turn) => {
    const after = probed(probing, { ...readingAt(turn), capped });
    probing = after.probing;
    if (after.step !== 'none') capped = after.step === 'cap';
    return after.step;
  });
}

const held = (estimate: number, patience = 100) => ({ heldBack: true, estimate, patience });

describe('probes', () => {
  test('come at every turn, then at every third', () => {
    const taken = steps(12, (turn) => held(1_000_000 * 1.3 ** turn)).map((step) => step !== 'none');
    expect(taken).toEqual([
      ...Array<boolean>(6).fill(true),
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  test('make the maximum another one each time', () => {
    expect(steps(4, (turn) => held(1_000_000 * 1.3 ** turn))).toEqual([
      'cap',
      'uncap',
      'cap',
      'uncap',
    ]);
  });

  test('end with the need, and leave no maximum behind', () => {
    const found = steps(4, (turn) => ({ ...held(1_000_000), heldBack: turn === 0 }));
    expect(found).toEqual(['cap', 'uncap', 'none', 'none']);
    const later = steps(10, (turn) => ({ ...held(1_000_000 * 1.3 ** turn), heldBack: turn < 9 }));
    expect(later.at(-1)).toBe('uncap');
  });
});

describe('without an answer', () => {
  test('the next Layer is tried after so many, and again after as many more', () => {
    const found = steps(8, () => held(1_000_000, 3)).map((step) => step === 'leap');
    // The first turn tells what is known.
    expect(found.flatMap((leaps, turn) => (leaps ? [turn] : []))).toEqual([3]);
    expect(steps(20, () => held(1_000_000, 3)).filter((step) => step === 'leap')).toHaveLength(3);
  });

  test('an estimate that creeps up, or goes down, is none', () => {
    expect(steps(5, (turn) => held(1_000_000 * 1.04 ** turn, 3))).toContain('leap');
    expect(steps(5, (turn) => held(1_000_000 * 0.9 ** turn, 3))).toContain('leap');
  });

  test('one that rises is an answer', () => {
    expect(steps(6, (turn) => held(1_000_000 * 1.3 ** turn, 3))).not.toContain('leap');
  });
});
