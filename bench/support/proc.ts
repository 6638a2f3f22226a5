import { readdir, readFile } from 'node:fs/promises';

/** What `/proc/<pid>/stat` says of a process (proc_pid_stat(5)). */
export type ProcessStat = {
  pid: number;
  /** The program's or thread's name, 15 characters at most. */
  name: string;
  parentPid: number;
  /** Clock ticks. */
  userTicks: number;
  systemTicks: number;
};

/** Linux tells programs of 100 ticks a second, whatever its own timer does (time(7)). */
const TICKS_PER_SECOND = 100;

/** The name is in parentheses and may hold any character, so it ends at the last one. */
export function parseStat(text: string): ProcessStat {
  const nameEnd = text.lastIndexOf(')');
  const nameStart = text.indexOf('(');
  const fields = text.slice(nameEnd + 2).split(' ');
  return {
    pid: Number(text.slice(0, nameStart)),
    name: text.slice(nameStart + 1, nameEnd),
    parentPid: Number(fields[1]),
    userTicks: Number(fields[11]),
    systemTicks: Number(fields[12]),
  };
}

/** Nanoseconds on a CPU, the first number of `/proc/<pid>/task/<tid>/schedstat`. */
export function parseSchedstat(text: string): number {
  return Number(text.split(' ')[0]);
}

/** CPU time used so far, seconds. */
export type CpuTime = {
  user: number;
  system: number;
  /** Of all living threads, exact where the other two are counted in hundredths. */
  total: number;
  /** `total` by thread id. */
  threads: ReadonlyMap<number, number>;
};

/** @throws {Error} where there is no such process, or no Linux. */
export async function readCpuTime(pid: number): Promise<CpuTime> {
  const { userTicks, systemTicks } = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  const ids = (await readdir(`/proc/${pid}/task`)).map(Number);
  const times = await Promise.all(
    ids.map(async (id) => [id, await threadSeconds(pid, id)] as const),
  );
  return {
    user: userTicks / TICKS_PER_SECOND,
    system: systemTicks / TICKS_PER_SECOND,
    total: times.reduce((sum, [, seconds]) => sum + seconds, 0),
    threads: new Map(times),
  };
}

async function threadSeconds(pid: number, threadId: number): Promise<number> {
  try {
    return parseSchedstat(await readFile(`/proc/${pid}/task/${threadId}/schedstat`, 'utf8')) / 1e9;
  } catch (error) {
    // A thread may end between the listing and the reading.
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}

/** The processes that this one started. */
export async function childrenOf(parentPid: number): Promise<ProcessStat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readStat(pid)));
  return stats.filter((stat) => stat !== undefined).filter((stat) => stat.parentPid === parentPid);
}

async function readStat(pid: string): Promise<ProcessStat | undefined> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // It ended between the listing and the reading.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Memory of a process, bytes: what it shares with others counts by its share (`Pss` of proc_pid_smaps(5)). */
export async function proportionalBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}
