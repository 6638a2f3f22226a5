/** An exact ratio of two positive integers: 30000/1001 frames a second stays what it is. */
export type Rational = { readonly num: number; readonly den: number };

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The ratio in lowest terms; undefined where it is not one of positive integers. */
export function rational(num: number, den = 1): Rational | undefined {
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den) || num <= 0 || den <= 0) {
    return undefined;
  }
  const divisor = greatestCommonDivisor(num, den);
  return { num: num / divisor, den: den / divisor };
}

/** Reads ffprobe's `30000/1001` and `2:1`; `0/0`, `0:1` and `N/A` are undefined. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(\d+)[/:](\d+)$/.exec(text ?? '');
  return match ? rational(Number(match[1]), Number(match[2])) : undefined;
}

export const toNumber = ({ num, den }: Rational): number => num / den;

export const formatRational = ({ num, den }: Rational): string =>
  den === 1 ? String(num) : `${num}/${den}`;
