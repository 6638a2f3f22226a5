import { type AccessRules, SfumatoError } from '../../signaling/contract/index.ts';

/** @throws SfumatoError `badRequest` for rules by which nobody could ever watch */
export function demandConsistent(rules: AccessRules, hasPassword: boolean): void {
  const { visibility, startsAt, endsAt } = rules;
  if (visibility === 'password' && !hasPassword) {
    throw new SfumatoError('badRequest', 'There is no password for it yet.', {
      hint: 'Set `password` together with the visibility.',
    });
  }
  if (startsAt !== null && endsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt)) {
    throw new SfumatoError('badRequest', 'It would end before it begins.');
  }
}
