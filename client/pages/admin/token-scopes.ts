import type { Session } from '../session.ts';

/** What an API token may be for, and who can make one for it. */
const SCOPES = [
  ['channels:read', 'See how Channels are set', 'maySeeChannels'],
  ['channels:publish', 'Go live on Channels', 'mayPublish'],
  [
    'channels:write',
    'Create, change and delete Channels, and make their keys',
    'mayChangeChannels',
  ],
  [
    'library:read',
    'See everything in the library that is not private, and how it was made',
    'mayRead',
  ],
  ['library:write', 'Put things into the library, and change and delete those', 'mayWrite'],
  ['playback:issue', 'Make tokens with which others watch', 'mayIssue'],
  ['admin', 'Everything, people and API tokens too', 'mayAdminister'],
] as const;

type ScopeChoice = { scope: string; words: string };

/** Nobody gives a program more than they may do themselves. */
export function scopesFor(session: Session): ScopeChoice[] {
  return SCOPES.filter(([, , right]) => session[right]).map(([scope, words]) => ({ scope, words }));
}
