import { z } from 'zod';
import { roleSchema, SfumatoError } from '../../signaling/contract/index.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const issuer = z.string().refine(isIssuer, {
  message: 'an https: address (http: on this machine only), without a query',
});

/** OpenID Connect Discovery section 3. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/** What is set of people: how long it is known what they did, and where else they may sign in. */
export const PEOPLE_SETTINGS = {
  AUDIT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(365)
    .describe('How long it is kept what was done by whom, days.'),
  OIDC_ISSUER: issuer
    .optional()
    .describe('A service at which people sign in (OpenID Connect), by its issuer.'),
  OIDC_CLIENT_ID: z.string().min(1).optional().describe('How it knows this server.'),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().describe('The secret of that.'),
  OIDC_NAME: z
    .string()
    .min(1)
    .max(40)
    .default('OpenID Connect')
    .describe('What people call it: what the button says.'),
  OIDC_SCOPES: z
    .string()
    .regex(/^(\S+ )*openid( \S+)*$/, 'scopes, with openid among them')
    .default('openid profile email')
    .describe('What it is asked for, separated by blanks.'),
  OIDC_ROLE_CLAIM: z
    .string()
    .min(1)
    .optional()
    .describe('The claim that says what somebody may do; one within another by dots.'),
  OIDC_ROLES: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('a JSON object such as {"staff":"editor"}');
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), roleSchema))
    .default({})
    .describe('Roles by the values of that claim, as a JSON object.'),
  OIDC_DEFAULT_ROLE: z
    .enum([...roleSchema.options, 'none'])
    .default('none')
    .describe('The role of everybody else who signs in there; `none` refuses them.'),
};

type PeopleVariables = z.output<z.ZodObject<typeof PEOPLE_SETTINGS>>;

/**
 * @returns undefined where none is named
 * @throws SfumatoError `badRequest` where something is missing
 */
export function oidcSettings(variables: PeopleVariables) {
  const { OIDC_ISSUER, OIDC_CLIENT_ID: clientId, OIDC_ROLE_CLAIM: claim } = variables;
  if (OIDC_ISSUER === undefined) return undefined;
  if (clientId === undefined) throw missing('OIDC_CLIENT_ID');
  const { OIDC_ROLES: byValue, OIDC_DEFAULT_ROLE: otherwise } = variables;
  if (claim === undefined && otherwise === 'none') throw missing('OIDC_DEFAULT_ROLE');
  return {
    issuer: new URL(OIDC_ISSUER),
    clientId,
    clientSecret: variables.OIDC_CLIENT_SECRET,
    name: variables.OIDC_NAME,
    scopes: variables.OIDC_SCOPES,
    roles: { claim, byValue, otherwise },
  };
}

function missing(name: string): SfumatoError {
  return new SfumatoError('badRequest', `OIDC_ISSUER needs ${name} beside it.`, {
    hint: 'docs/access.md says how to set up OpenID Connect.',
  });
}
