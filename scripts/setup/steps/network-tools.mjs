/**
 * The programs with which a test cuts a link between network namespaces: Linux has them in two packages,
 * of which a small installation lacks the first. Elsewhere that test is left out.
 */
import { SetupError } from '../errors.mjs';
import { findOnPath } from '../proof.mjs';
import { installPackages } from '../system.mjs';

const PROGRAMS = ['ip', 'tc', 'nsenter', 'unshare'];

/** An ordinary person's path may lack the folders where Debian puts them. */
const searchPath = () => `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const missing = () => PROGRAMS.filter((name) => !findOnPath([name], searchPath()));

/** @type {import('../set-up.mjs').Step} */
export const networkToolsStep = {
  title: 'Network tools',
  why: 'getting ip, tc, nsenter and unshare, because a test cuts network links with them and they are missing.',
  scope: 'machine',

  find() {
    return process.platform !== 'linux' || missing().length === 0 ? {} : undefined;
  },

  async run(context, progress) {
    const otherwise = `Install ${missing().join(', ')} in your own way.`;
    await installPackages(context, progress, 'network', otherwise);
    if (missing().length > 0) {
      throw new SetupError(`Installed, but still not found: ${missing().join(', ')}. ${otherwise}`);
    }
  },
};
