import { mayDo } from '../access/principal.ts';
import type { Encounter, Visitor } from '../access/visitor.ts';
import type { Channel } from '../channels/channel.ts';
import { mayBeListed } from '../rights/may-watch.ts';

/** A Channel and whoever asks, as the one function knows them. @param defaultSites that may embed what has no list */
export function meetChannel(
  { id, access }: Pick<Channel, 'id' | 'access'>,
  { principal, pass, site }: Visitor,
  defaultSites: readonly string[],
): Encounter {
  const may = (scope: 'channels:read' | 'channels:write') =>
    principal !== undefined && mayDo(principal, scope);
  return {
    thing: { id, ...access, defaultSites },
    asker: {
      isSignedIn: principal?.kind === 'account',
      mayChange: may('channels:write'),
      mayRead: may('channels:read'),
      ...{ pass, site },
    },
  };
}

/** Does it stand in the list that is made for whoever asks? */
export function isListed(
  channel: Channel,
  visitor: Visitor,
  defaultSites: readonly string[],
): boolean {
  const { thing, asker } = meetChannel(channel, visitor, defaultSites);
  return mayBeListed(thing, asker, Date.now());
}
