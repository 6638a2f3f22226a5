import type { ChapterInfo } from '../../ffmpeg/media-info.ts';

/** `01:02:03.456` (WebVTT section 4.1). */
export function vttTime(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const fraction = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${fraction}`;
}

/** What a cue may not hold as it is. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function chaptersVtt(chapters: readonly ChapterInfo[]): string {
  const cues = chapters
    .filter(({ start, end }) => end > start)
    .map(({ start, end, title }, index) => {
      const name = title?.replaceAll(/\s+/g, ' ').trim() || `Chapter ${index + 1}`;
      return `${vttTime(start)} --> ${vttTime(end)}\n${escaped(name.slice(0, 200))}\n`;
    });
  return `WEBVTT\n\n${cues.join('\n')}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&lrm;': '',
  '&rlm;': '',
  '&amp;': '&',
};

/** The words of captions, without times, places and marks: for the search. */
export function wordsOfVtt(vtt: string): string {
  return vtt
    .replaceAll('\r', '')
    .split(/\n{2,}/)
    .filter((block) => block.includes('-->'))
    .map((block) => block.slice(block.indexOf('\n', block.indexOf('-->')) + 1))
    .map((text) => text.replaceAll(/<[^>]*>/g, ''))
    .map((text) => text.replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity))
    .join('\n');
}
