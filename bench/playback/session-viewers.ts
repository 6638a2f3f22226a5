/** Viewers of stored films in a process of their own, so that what they cost is not the server's. */
import { z } from 'zod';
import { openViewer, type RtpViewer } from '../forwarding/viewer.ts';
import { answer } from '../support/processes.ts';
import { openSessionDoor, type SessionDoor } from './session-door.ts';

const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    url: z.string(),
    /** One Viewer each. */
    assetIds: z.array(z.string()),
    /** Of each film. */
    seconds: z.number(),
    top: z.number(),
  }),
  /** Everybody goes somewhere else, one after the other, in this time. */
  z.object({ type: z.literal('seek'), withinMs: z.number() }),
  z.object({ type: z.literal('counts') }),
]);

/** How many open at once: a crowd's handshakes would time out on two cores. */
const AT_ONCE = 10;
/** So much of a film is left to play from where somebody goes. */
const LEFT_SECONDS = 40;

type Watching = { viewer: RtpViewer; door: SessionDoor };

let watching: Watching[] = [];
let places = 0;

const somewhere = () => Math.random() * places;

async function openOne(url: string, assetId: string, top: number): Promise<Watching> {
  const door = await openSessionDoor({ url, assetId, top, at: somewhere() });
  return { door, viewer: await openViewer(door) };
}

async function open(url: string, assetIds: readonly string[], top: number): Promise<void> {
  for (let done = 0; done < assetIds.length; done += AT_ONCE) {
    const group = assetIds.slice(done, done + AT_ONCE);
    watching.push(...(await Promise.all(group.map((id) => openOne(url, id, top)))));
  }
}

async function seek(withinMs: number): Promise<void> {
  const each = watching.map(async ({ door }, index) => {
    await new Promise((resolve) => {
      setTimeout(resolve, (index * withinMs) / watching.length);
    });
    await door.seek(somewhere());
  });
  await Promise.all(each);
}

async function handle(message: unknown): Promise<object> {
  const request = messageSchema.parse(message);
  if (request.type === 'open') {
    places = request.seconds - LEFT_SECONDS;
    await open(request.url, request.assetIds, request.top);
  }
  if (request.type === 'seek') await seek(request.withinMs);
  return watching.map(({ viewer: { counts } }) => ({
    sent: counts.video.sent + counts.audio.sent,
    received: counts.video.received + counts.audio.received,
  }));
}

function closeAll(): void {
  for (const { viewer } of watching) viewer.close();
  watching = [];
}

answer(handle, () => Promise.resolve(closeAll()));
