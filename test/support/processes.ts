import { readdirSync, readFileSync } from 'node:fs';

/** By process id. */
export function childrenOf(parent: number): number[] {
  return allPids().filter((pid) => parentOf(pid) === parent);
}

/** Those whose command line has this argument. */
export function pidsWithArgument(argument: string): number[] {
  return allPids().filter((pid) => argumentsOf(pid).includes(argument));
}

/** Empty where the process has ended. */
export function argumentsOf(pid: number): string[] {
  return readIfThere(`/proc/${pid}/cmdline`).split('\0').filter(Boolean);
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** 4th field of /proc/PID/stat (proc(5)); the 2nd may hold spaces and ends with the last bracket. */
function parentOf(pid: number): number | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? Number.NaN);
}

/** Processes end while they are looked at. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
