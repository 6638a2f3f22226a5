/** Our own Pump in a process of its own: what it sends to the bare forwarder costs that one nothing. */
import { pino } from 'pino';
import { z } from 'zod';
import type { Pump } from '../../server/rtp/pump.ts';
import { createPumpPool } from '../../server/rtp/pump-pool.ts';
import { ABS_CAPTURE_TIME_ID, RTP_PAYLOAD_TYPES } from '../../server/sfu/rtp-publishing.ts';
import { answer } from '../support/processes.ts';

const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    video: z.array(z.object({ file: z.string(), bitrate: z.number() })),
    audio: z.object({ file: z.string() }),
  }),
  z.object({ type: z.literal('start'), target: z.object({ ip: z.string(), port: z.number() }) }),
]);
type Request = z.infer<typeof messageSchema>;

const CNAME = 'bench';
const pool = createPumpPool({ log: pino({ level: 'error' }), threads: 1 });
let pump: Pump | undefined;

async function open({ video, audio }: Extract<Request, { type: 'open' }>): Promise<object> {
  const ssrcs = { video: video.map((_, index) => 1000 + index), audio: 2000 };
  pump = await pool.open({
    video,
    audio,
    videoPayloadType: RTP_PAYLOAD_TYPES.video,
    audioPayloadType: RTP_PAYLOAD_TYPES.audio,
    ssrcs,
    cname: CNAME,
    absCaptureTimeId: ABS_CAPTURE_TIME_ID,
  });
  return {
    address: { ip: pump.localAddress, port: pump.localPort },
    cname: CNAME,
    video: { ssrcs: ssrcs.video, bitrates: video.map(({ bitrate }) => bitrate) },
    audio: { ssrc: ssrcs.audio },
  };
}

answer(
  async (message) => {
    const request = messageSchema.parse(message);
    if (request.type === 'open') return await open(request);
    await pump?.start(request.target);
    return {};
  },
  () => pool.close(),
);
