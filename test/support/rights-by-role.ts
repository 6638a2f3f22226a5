import { PASSWORD } from './administrator.ts';
import type { Call } from './api-client.ts';
import { anAddress, type Person } from './people.ts';

export interface Makers {
  person: (role: 'viewer') => Promise<Person>;
  /** The id of the login of somebody. */
  loginOf: (who: Person) => Promise<string>;
  /** Makes something and says its id. */
  made: (path: string, body: object) => Promise<string>;
  channel: () => Promise<string>;
}

/** Whoever asks, in the order of the table's columns. The token may write Channels and the library. */
export const ASKERS = [
  'nobody',
  'viewer',
  'broadcaster',
  'editor',
  'administrator',
  'token',
] as const;
export type Asker = (typeof ASKERS)[number];

/** An operation; what is asked, made anew for each asker, since it may be gone then; statuses by asker. */
export type Row = [string, () => Promise<[string, Call]>, number[]];

export const NEW_PASSWORD = 'another horse battery staple';
const del: Call = { method: 'DELETE' };
const post = (body: object): Call => ({ method: 'POST', body });
const invitation = { role: 'viewer', note: 'somebody' };
const token = { name: 'x', scopes: ['library:read'] };

/** Who may do what. */
export function rightsByRole(makers: Makers): Row[] {
  return [...ofPeople(makers), ...ofTokens(makers), ...ofChannels(makers), ...ofTheLibrary()];
}

function ofPeople({ person, loginOf, made }: Makers): Row[] {
  return [
    ['listAccounts', async () => ['/accounts', {}], [401, 403, 403, 403, 200, 403]],
    [
      'updateAccount',
      async () => [
        `/accounts/${(await person('viewer')).id}`,
        { method: 'PATCH', body: { role: 'editor' } },
      ],
      [401, 403, 403, 403, 200, 403],
    ],
    [
      'deleteAccount',
      async () => [`/accounts/${(await person('viewer')).id}`, del],
      [401, 403, 403, 403, 204, 403],
    ],
    ['listLogins', async () => ['/logins', {}], [401, 200, 200, 200, 200, 403]],
    [
      'listLogins of another',
      async () => [`/logins?account=${(await person('viewer')).id}`, {}],
      [401, 403, 403, 403, 200, 403],
    ],
    [
      'endLogin of another',
      async () => [`/logins/${await loginOf(await person('viewer'))}`, del],
      [401, 404, 404, 404, 204, 403],
    ],
    [
      'changePassword with a wrong one',
      async () => [
        '/session/password',
        { method: 'PUT', body: { password: 'wrong', newPassword: NEW_PASSWORD } },
      ],
      [401, 403, 403, 403, 403, 403],
    ],
    ['listInvitations', async () => ['/invitations', {}], [401, 403, 403, 403, 200, 403]],
    [
      'createInvitation',
      async () => ['/invitations', post(invitation)],
      [401, 403, 403, 403, 201, 403],
    ],
    [
      'revokeInvitation',
      async () => [`/invitations/${await made('/invitations', invitation)}`, del],
      [401, 403, 403, 403, 204, 403],
    ],
    [
      'acceptInvitation with a wrong link',
      async () => [
        '/invitations/accept',
        post({ token: 'wrong', name: 'mallory', password: PASSWORD }),
      ],
      [401, 401, 401, 401, 401, 401],
    ],
    ['listAudit', async () => ['/audit', {}], [401, 403, 403, 403, 200, 403]],
  ];
}

function ofTokens({ made }: Makers): Row[] {
  return [
    ['listTokens', async () => ['/tokens', {}], [401, 200, 200, 200, 200, 403]],
    ['createToken', async () => ['/tokens', post(token)], [401, 403, 403, 201, 201, 403]],
    [
      'createToken that may do everything',
      async () => ['/tokens', post({ ...token, scopes: ['admin'] })],
      [401, 403, 403, 403, 201, 403],
    ],
    [
      'revokeToken of another',
      async () => [`/tokens/${await made('/tokens', token)}`, del],
      [401, 404, 404, 404, 204, 403],
    ],
  ];
}

function ofChannels({ channel }: Makers): Row[] {
  return [
    ['listChannels', async () => ['/channels', {}], [200, 200, 200, 200, 200, 200]],
    [
      'createChannel',
      async () => ['/channels', post({ id: `x-${anAddress().replaceAll('.', '-')}`, title: 'x' })],
      [401, 403, 403, 201, 201, 201],
    ],
    [
      'updateChannel',
      async () => [`/channels/${await channel()}`, { method: 'PATCH', body: { title: 'y' } }],
      [401, 403, 403, 200, 200, 200],
    ],
    [
      'deleteChannel',
      async () => [`/channels/${await channel()}`, del],
      [401, 403, 403, 204, 204, 204],
    ],
    [
      'rotateStreamKey',
      async () => [`/channels/${await channel()}/stream-key`, { method: 'POST' }],
      [401, 403, 403, 200, 200, 200],
    ],
    [
      'getChannelHealth',
      async () => [`/channels/${await channel()}/health`, {}],
      [401, 403, 200, 200, 200, 200],
    ],
    [
      'probeUpload',
      async () => [
        `/channels/${await channel()}/upload-probe`,
        {
          method: 'POST',
          body: 'x'.repeat(100),
          headers: { 'Content-Type': 'application/octet-stream' },
        },
      ],
      [401, 403, 200, 200, 200, 200],
    ],
  ];
}

function ofTheLibrary(): Row[] {
  return [
    ['listPositions', async () => ['/positions', {}], [401, 200, 200, 200, 200, 403]],
    [
      'createCollection',
      async () => ['/collections', post({ title: 'x' })],
      [401, 403, 403, 201, 201, 201],
    ],
    [
      'deleteAsset that there is not',
      async () => ['/assets/AAAAAAAAAAAAAAAA', del],
      [401, 403, 403, 404, 404, 404],
    ],
  ];
}
