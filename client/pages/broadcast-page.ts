import type { ChannelInfo } from '../../signaling/contract/index.ts';
import type { Studio } from '../broadcast/studio.ts';
import type { DeviceProblem } from '../broadcast/device-problem.ts';

/** What is offered for copying while a broadcast runs. */
export type Copied = 'link' | 'embedCode';

/** What the page is drawn from. */
export type BroadcastView = {
  readonly channelId: string;
  readonly studio: Studio;
  /** Why there is no device at all; null where there may be. */
  readonly noDevices: DeviceProblem | null;
  /** The Channel as it was listed when the page was opened; null where it is not listed. */
  listed: ChannelInfo | null;
  streamKey: string | null;
  /** What was copied a moment ago. */
  copied: Copied | null;
  /** The page looks at its own preview, and has seen nothing but black for some time. */
  seesBlack: boolean;
};

/** What a person can do on the page. */
export type BroadcastActions = {
  goLive: () => void;
  askToEnd: () => void;
  useKey: (key: string) => void;
  forgetKey: () => void;
  copy: (what: Copied) => void;
  measureAgain: () => void;
};

/** Where the Viewers are sent. */
export function watchLink({ channelId }: BroadcastView): string {
  return `${location.origin}/watch/${channelId}`;
}

/** For other sites: the player in a frame. */
export function embedCode({ channelId }: BroadcastView): string {
  const source = `${location.origin}/embed/${channelId}`;
  return `<iframe src="${source}" width="640" height="360" style="border:0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`;
}
