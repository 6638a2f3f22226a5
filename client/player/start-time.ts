const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/;
const UNITS = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/;

/** Where `?t=` begins: `90`, `90.5`, `1m30s`, `1h2m`, `1:30`, `1:02:03`. @returns seconds; 0 for anything else */
export function startTime(text: string | null): number {
  if (text === null || text === '') return 0;
  const [, hours, minutes, seconds] = CLOCK.exec(text) ?? UNITS.exec(text) ?? [];
  return Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
