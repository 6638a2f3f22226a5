import type { ReceivedMedia } from '../sfu/received-media.ts';

/** RFC 3550 section 5.1. */
const RTP_HEADER_BYTES = 12;
/**
 * Opus says silence in 3 bytes a packet (RFC 6716), some headers extended; the least that speech is sent
 * at, 6 kbit/s, has 15.
 */
const SILENT_PAYLOAD_BYTES = 14;

/**
 * Is the sound silent, by the size of its packets? For senders that do not say how loud it is. Encoders of
 * a constant bit rate do not give it away. Nothing where there is no sound at all.
 */
export function isSilentBySize(before: ReceivedMedia, now: ReceivedMedia): boolean | undefined {
  const [earlier, later] = [audioOf(before), audioOf(now)];
  if (earlier === undefined || later === undefined) return undefined;
  const packets = later.packets - earlier.packets;
  // With DTX, packets may be left out altogether.
  if (packets <= 0) return true;
  return (later.bytes - earlier.bytes) / packets - RTP_HEADER_BYTES <= SILENT_PAYLOAD_BYTES;
}

function audioOf({ streams }: ReceivedMedia) {
  return streams.find(({ kind }) => kind === 'audio');
}
