import { knock } from '../forwarding/doors.ts';
import type { Door } from '../forwarding/viewer.ts';

export type SessionOptions = {
  /** Of the signaling. */
  url: string;
  assetId: string;
  /** Where to begin, seconds. */
  at: number;
  /** Of the Rendition to be sent: the highest, as there is no estimate without a browser's reports. */
  top: number;
};

/** In by our own signaling, to something stored. */
export type SessionDoor = Door & { seek(at: number): Promise<void> };

export async function openSessionDoor(options: SessionOptions): Promise<SessionDoor> {
  const { url, assetId, at, top } = options;
  const { client, capabilities } = await knock(url);
  return {
    capabilities,
    join: (dtlsParameters) =>
      client.request('openSession', {
        ...{ assetId, at, rtpCapabilities: capabilities, dtlsParameters },
        preferredLayer: top,
      }),
    resume: async () => void (await client.request('resume', {})),
    seek: async (to) => void (await client.request('steerSession', { at: to })),
    close: () => client.close(),
  };
}
