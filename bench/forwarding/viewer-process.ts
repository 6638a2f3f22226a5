/** Viewers in a process of their own, so that what they cost is not the server's. */
import { z } from 'zod';
import { answer } from '../support/processes.ts';
import { openBareDoor, openOurDoor } from './doors.ts';
import { openViewer, type RtpViewer } from './viewer.ts';

const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('join'),
    url: z.string(),
    /** Ours has Channels, the bare one has not. */
    channelId: z.string().optional(),
    count: z.number(),
  }),
  z.object({ type: z.literal('counts') }),
  z.object({ type: z.literal('leave') }),
]);

/** How many join at once: a crowd's handshakes would time out on two cores. */
const AT_ONCE = 10;

let viewers: RtpViewer[] = [];

async function join(url: string, channelId: string | undefined, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - done) }, async () =>
      openViewer(await (channelId === undefined ? openBareDoor(url) : openOurDoor(url, channelId))),
    );
    viewers.push(...(await Promise.all(group)));
  }
}

function leave(): void {
  for (const viewer of viewers) viewer.close();
  viewers = [];
}

async function handle(message: unknown): Promise<object> {
  const request = messageSchema.parse(message);
  if (request.type === 'join') await join(request.url, request.channelId, request.count);
  if (request.type === 'leave') leave();
  return viewers.map(({ counts: { video, audio } }) => ({
    sent: video.sent + audio.sent,
    received: video.received + audio.received,
  }));
}

answer(handle, () => Promise.resolve(leave()));
