import type { Finding } from '../../signaling/contract/index.ts';

/** What the person has switched off. */
export type SwitchedOff = {
  muted: boolean;
  hidden: boolean;
  noPicture: boolean;
  noMicrophone: boolean;
};

/** What the page sees before the server can. */
export const OWN_BLACK: Finding = {
  code: 'black',
  severity: 'hint',
  message: 'Your picture is black. Is the camera covered, or the light off?',
};

/** What the server found, and what the page sees itself; the page's own words where both say the same. */
export function withOwn(findings: readonly Finding[], seesBlack: boolean): Finding[] {
  if (!seesBlack) return [...findings];
  return [...findings.filter(({ code }) => code !== OWN_BLACK.code), OWN_BLACK];
}

/** Without what is so because the person wants it so; problems before hints. */
export function relevantFindings(findings: readonly Finding[], off: SwitchedOff): Finding[] {
  const wanted = new Set<Finding['code']>();
  if (off.muted) wanted.add('silence');
  if (off.hidden) wanted.add('black');
  if (off.noPicture) wanted.add('noVideo');
  if (off.noMicrophone) wanted.add('noAudio');
  return findings
    .filter(({ code }) => !wanted.has(code))
    .toSorted((a, b) => Number(b.severity === 'problem') - Number(a.severity === 'problem'));
}
