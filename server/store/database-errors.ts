import { z } from 'zod';

/**
 * SQLite's primary result codes for what is not the statement's fault (https://sqlite.org/rescode.html):
 * BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
 */
const SQLITE_BUSY = 5;
const SQLITE_TROUBLE = new Set([SQLITE_BUSY, 6, 8, 10, 13, 14]);

/**
 * PostgreSQL's classes of the same (its documentation, appendix A): connection, resources, operator's
 * intervention; and what the sockets of Node say.
 */
const POSTGRES_TROUBLE = /^(08|53|57)...$|^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH)$/;

/** Is the database itself in trouble, so that the same request may succeed later? */
export function isDatabaseTrouble(error: unknown): boolean {
  const { errcode, code, message } = parsed(error);
  if (errcode !== undefined) return SQLITE_TROUBLE.has(primary(errcode));
  if (code !== undefined) return POSTGRES_TROUBLE.test(code);
  // pg says these two in words only.
  return /^Connection terminated|timeout exceeded when trying to connect/.test(message ?? '');
}

/** Does another process have the SQLite file locked? */
export function isSqliteBusy(error: unknown): boolean {
  const { errcode } = parsed(error);
  return errcode !== undefined && primary(errcode) === SQLITE_BUSY;
}

/** Extended codes have the primary one in their lowest byte. */
function primary(errcode: number): number {
  return errcode & 0xff;
}

const errorSchema = z.object({
  errcode: z.number().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});

/** node:sqlite has `errcode` beside the `code` that is the same for all its errors. */
function parsed(error: unknown): z.infer<typeof errorSchema> {
  const result = errorSchema.safeParse(error);
  return result.success ? result.data : {};
}
