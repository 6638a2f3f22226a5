import { existsSync } from 'node:fs';
import { run } from '../child.mjs';
import { debianExtras } from './debian-extras.mjs';

/** coturn, the TURN server over which the tests watch where nothing else gets through. */
export const relayStep = debianExtras(
  'relay',
  {
    title: 'Relay',
    why: 'getting coturn, because the tests watch over a relay and it is missing.',
  },
  async (context) => {
    // The package starts a relay for everybody, which nobody has asked for: the tests start their own.
    if (existsSync('/run/systemd/system')) {
      await run(context, 'systemctl', ['disable', '--now', 'coturn']);
    }
  },
);
