/** `1:05`, `1:02:03`. @param seconds anything; what is no time is `0:00` */
export function clockWords(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (count: number) => String(count).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** As it is spoken: `1 minute 5 seconds`. */
export function spokenTime(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const parts = [
    part(Math.floor(whole / 3_600), 'hour'),
    part(Math.floor(whole / 60) % 60, 'minute'),
    part(whole % 60, 'second'),
  ].filter((words) => words !== '');
  return parts.join(' ') || '0 seconds';
}

function part(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
