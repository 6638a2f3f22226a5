import { readTime } from '../../../signaling/contract/index.ts';

/** Where `?t=` begins. @returns seconds; 0 for what is no time */
export function startTime(text: string | null): number {
  return readTime(text ?? '') ?? 0;
}
