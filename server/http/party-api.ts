import type { Request } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { mayDo } from '../access/principal.ts';
import type { Visitor } from '../access/visitor.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { Parties } from '../playback/parties.ts';
import type { Party } from '../playback/party.ts';
import type { Endpoints } from './endpoints.ts';
import { ownerOf, readerFor } from './library-reader.ts';
import { originOf } from './own-origin.ts';
import { HOST_KEY_HEADER } from './operation.ts';
import { OPERATIONS } from './operations.ts';

export interface PartySources {
  parties: Parties;
  catalogue: Catalogue;
  publicUrl: string | undefined;
}

/** `/parties`. */
export function partyApi(endpoints: Endpoints, sources: PartySources): void {
  const { parties, catalogue, publicUrl } = sources;
  endpoints
    .on(OPERATIONS.createParty, async ({ body, principal, visitor, request }) => {
      const { assetId, steering, position } = body;
      const asset = await catalogue.assets.get(assetId, readerFor(visitor));
      const ownerId = ownerOf(principal).id;
      const origin = originOf(request, publicUrl);
      const { party, hostKey } = parties.create({ asset, steering, position, ownerId });
      return { ...party.info(), url: linkTo(party, origin), hostKey };
    })
    .on(OPERATIONS.getParty, async ({ params, visitor }) =>
      (await visibleParty(sources, params.id, visitor)).info(),
    )
    .on(OPERATIONS.updateParty, async ({ params, body, visitor, request }) => {
      const party = await ownParty(sources, params.id, visitor, request);
      party.setSteering(body.steering);
      return party.info();
    })
    .on(OPERATIONS.endParty, async ({ params, visitor, request }) => {
      (await ownParty(sources, params.id, visitor, request)).close('ended');
    });
}

/** @throws SfumatoError `notFound` */
async function visibleParty(
  { parties, catalogue }: PartySources,
  id: string,
  visitor: Visitor,
): Promise<Party> {
  const party = parties.get(id);
  await catalogue.assets.get(party.assetId, readerFor(visitor));
  return party;
}

/** @throws SfumatoError `notFound`, `forbidden` */
async function ownParty(
  sources: PartySources,
  id: string,
  visitor: Visitor,
  request: Request,
): Promise<Party> {
  const party = await visibleParty(sources, id, visitor);
  const { principal } = visitor;
  const isHost = party.isHostKey(request.get(HOST_KEY_HEADER));
  if (isHost || (principal !== undefined && mayDo(principal, 'admin'))) return party;
  throw new SfumatoError('forbidden', 'Only the host and administrators may change a party.', {
    hint: `The host’s key is sent as \`${HOST_KEY_HEADER}\`.`,
  });
}

function linkTo(party: Party, origin: string): string {
  return `${origin}/watch/${party.assetId}?party=${party.id}`;
}
