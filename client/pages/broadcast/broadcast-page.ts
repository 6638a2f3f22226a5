import { type ChannelInfo, embedSnippet } from '../../../signaling/contract/index.ts';
import type { Studio } from '../../broadcast/studio.ts';
import type { DeviceProblem } from '../../broadcast/device-problem.ts';

/** What is offered for copying while a broadcast runs. */
export type Copied = 'link' | 'embedCode';

/** A stream key, or the login of an account that may. */
export type PublishRight = { streamKey: string } | { account: string };

export function keyOf(right: PublishRight): string | undefined {
  return 'streamKey' in right ? right.streamKey : undefined;
}

/** What the page is drawn from. */
export type BroadcastView = {
  readonly channelId: string;
  readonly studio: Studio;
  /** Why there is no device at all; null where there may be. */
  readonly noDevices: DeviceProblem | null;
  /** The Channel as it was listed when the page was opened; null where it is not listed. */
  listed: ChannelInfo | null;
  /** By what one may go live; null while neither is known. */
  right: PublishRight | null;
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
  /** Another key is to be named. */
  forgetRight: () => void;
  copy: (what: Copied) => void;
  measureAgain: () => void;
};

/** Where the Viewers are sent. */
export function watchLink({ channelId }: BroadcastView): string {
  return `${location.origin}/watch/${channelId}`;
}

/** For other sites: the player in a frame. */
export function embedCode({ channelId }: BroadcastView): string {
  const url = `${location.origin}/embed/${channelId}`;
  return embedSnippet({ url, title: 'Live video', width: 640, height: 360 });
}
