import { writeUint32 } from './rtp-packet.ts';

const PAYLOAD_SPECIFIC_FEEDBACK = 206;
const PICTURE_LOSS_INDICATION = 1;
const PLI_BYTES = 12;

/** Asks the sender of an SSRC for a key frame (RFC 4585 section 6.3.1). */
export function buildPictureLossIndication(senderSsrc: number, mediaSsrc: number): Buffer {
  const packet = Buffer.alloc(PLI_BYTES);
  packet[0] = 0x80 | PICTURE_LOSS_INDICATION;
  packet[1] = PAYLOAD_SPECIFIC_FEEDBACK;
  packet.writeUInt16BE(PLI_BYTES / 4 - 1, 2);
  writeUint32(packet, 4, senderSsrc);
  writeUint32(packet, 8, mediaSsrc);
  return packet;
}

/** The SSRC that a packet of a compound asks a key frame of; undefined where it asks for something else. */
export function readPictureLossIndication(packet: Buffer): number | undefined {
  if (packet.length < PLI_BYTES || packet[1] !== PAYLOAD_SPECIFIC_FEEDBACK) return undefined;
  const format = packet.readUInt8(0) & 0x1f;
  return format === PICTURE_LOSS_INDICATION ? packet.readUInt32BE(8) : undefined;
}

/** The packets of a compound (RFC 3550 section 6.1); a wrong length ends the list. */
export function* splitCompound(compound: Buffer): Generator<Buffer, void> {
  for (let at = 0; at + 4 <= compound.length; ) {
    const bytes = (compound.readUInt16BE(at + 2) + 1) * 4;
    if (at + bytes > compound.length) return;
    yield compound.subarray(at, at + bytes);
    at += bytes;
  }
}
