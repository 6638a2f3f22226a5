import { z } from 'zod';
import { wireErrorSchema } from '../../../signaling/contract/index.ts';

/** What every request that fails is answered with. */
export const errorAnswerSchema = z.object({ error: wireErrorSchema });

export const timeSchema = z.iso.datetime();

/** A line for people: no control characters, nothing but blanks is nothing. */
export const lineSchema = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'one line of text');
