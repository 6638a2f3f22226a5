import type { ChannelInfo } from '../../signaling/contract/index.ts';
import type { Studio } from '../broadcast/studio.ts';
import type { DeviceProblem } from '../broadcast/device-problem.ts';

/** What the page is drawn from. */
export type BroadcastView = {
  readonly channelId: string;
  readonly studio: Studio;
  /** Why there is no device at all; null where there may be. */
  readonly noDevices: DeviceProblem | null;
  /** The Channel as it was listed when the page was opened; null where it is not listed. */
  listed: ChannelInfo | null;
  streamKey: string | null;
  /** The link was copied a moment ago. */
  copied: boolean;
};

/** What a person can do on the page. */
export type BroadcastActions = {
  goLive: () => void;
  askToEnd: () => void;
  useKey: (key: string) => void;
  forgetKey: () => void;
  copyLink: () => void;
};

/** Where the Viewers are sent. */
export function watchLink({ channelId }: BroadcastView): string {
  return `${location.origin}/watch/${channelId}`;
}
