/** The RTP clock of Opus, whatever the rate it was coded from (RFC 7587 section 4.1). */
export const OPUS_CLOCK_RATE = 48_000;

/** Samples of one frame at 48 kHz, by the configuration number (RFC 6716 section 3.1, table 2). */
function frameSamples(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config & 3] ?? 960;
  if (config < 16) return config & 1 ? 960 : 480;
  return [120, 240, 480, 960][config & 3] ?? 960;
}

/**
 * Samples at 48 kHz that an Opus packet stands for. One packet is one RTP payload as it is
 * (RFC 7587 section 4.2).
 */
export function opusPacketSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const perFrame = frameSamples(toc >> 3);
  const code = toc & 3;
  if (code === 0) return perFrame;
  if (code < 3) return perFrame * 2;
  return perFrame * ((packet[1] ?? 0) & 0x3f);
}
