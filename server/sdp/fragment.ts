import { SdpError } from './sdp-error.ts';

/** What a client says in a `PATCH` (RFC 8840 section 9). */
export interface Fragment {
  usernameFragment: string;
  password: string;
  candidates: number;
}

const MAX_LENGTH = 64 * 1024;

/** @throws SdpError `malformed` */
export function readFragment(text: string): Fragment {
  if (text.length > MAX_LENGTH) throw new SdpError('malformed', 'The fragment is too long.');
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (!lines.every((line) => /^[am]=./.test(line))) {
    throw new SdpError('malformed', 'The fragment has lines that are no attributes.');
  }
  const value = (name: string) =>
    lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
  const usernameFragment = value('ice-ufrag');
  const password = value('ice-pwd');
  if (usernameFragment === undefined || password === undefined) {
    throw new SdpError('malformed', 'The fragment has no ICE credentials.');
  }
  const candidates = lines.filter((line) => line.startsWith('a=candidate:')).length;
  return { usernameFragment, password, candidates };
}

/** Our new credentials after an ICE restart, with the candidates (RFC 9725 section 4.3.3). */
export function writeFragment(answer: string): string {
  const lines = answer.split('\r\n');
  const firstMedia = lines.findIndex((line) => line.startsWith('m='));
  const nextMedia = lines.findIndex((line, index) => index > firstMedia && line.startsWith('m='));
  const media = lines.slice(firstMedia, nextMedia === -1 ? undefined : nextMedia);
  const wanted = /^(m=|a=mid:|a=ice-|a=candidate:|a=end-of-candidates)/;
  const session = lines.filter((line) => /^a=(group:BUNDLE|ice-lite)/.test(line));
  return [...session, ...media.filter((line) => wanted.test(line)), ''].join('\r\n');
}
