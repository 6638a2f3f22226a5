/** What only some tests need, of Debian's packages; on other systems those tests are left out where it is not there. */
import { SetupError } from '../errors.mjs';
import { familyOf, installPackages, missingDebianPackages, readOsRelease } from '../system.mjs';

/**
 * @param {Parameters<typeof missingDebianPackages>[0]} group
 * @param {{ title: string, why: string }} about
 * @param {(context: Parameters<import('../set-up.mjs').Step['run']>[0]) => Promise<unknown>} [afterwards]
 * @returns {import('../set-up.mjs').Step}
 */
export function debianExtras(group, about, afterwards) {
  const missing = () => missingDebianPackages(group);
  return {
    ...about,
    scope: 'machine',

    find() {
      const family = familyOf(process.platform, readOsRelease());
      const hasThem = family === 'debian' || family === 'ubuntu';
      return !hasThem || missing().length === 0 ? {} : undefined;
    },

    async run(context, progress) {
      const otherwise = `Install ${missing().join(', ')} in your own way.`;
      await installPackages(context, progress, group, otherwise);
      await afterwards?.(context);
      if (missing().length > 0) {
        throw new SetupError(
          `Installed, but still not found: ${missing().join(', ')}. ${otherwise}`,
        );
      }
    },
  };
}
