import { ASSET_DOOR_OPERATIONS } from '../../server/http/asset-door-operations.ts';
import { LIBRARY_OPERATIONS } from '../../server/http/library-operations.ts';
import { PARTY_OPERATIONS } from '../../server/http/party-operations.ts';
import { PEOPLE_OPERATIONS } from '../../server/http/people-operations.ts';
import { PLAYBACK_OPERATIONS } from '../../server/http/playback-operations.ts';
import { PLAYLIST_OPERATIONS } from '../../server/http/playlist-operations.ts';
import { POSITION_OPERATIONS } from '../../server/http/position-operations.ts';
import { RULES_OPERATIONS } from '../../server/http/rules-operations.ts';

/** Operations of the API whose answers are seen in suites of their own. */
export const TRIED_ELSEWHERE = {
  ...LIBRARY_OPERATIONS,
  ...ASSET_DOOR_OPERATIONS,
  ...PLAYLIST_OPERATIONS,
  ...POSITION_OPERATIONS,
  ...PARTY_OPERATIONS,
  ...PEOPLE_OPERATIONS,
  ...PLAYBACK_OPERATIONS,
  ...RULES_OPERATIONS,
};
