import * as z from 'zod';

/**
 * What the person asks for: a Layer's index, `audioOnly`, or `auto`: whatever the link carries and the
 * device can use.
 */
export const preferredLayerSchema = z.union([
  z.enum(['auto', 'audioOnly']),
  z.number().int().min(0).max(7),
]);
export type PreferredLayer = z.infer<typeof preferredLayerSchema>;

/**
 * Why this Layer and not a higher one: a closed list, shown in the player's panel and counted.
 *
 * - `starting`: the first picture is a small one, because it comes fastest
 * - `best`: there is no higher one
 * - `bandwidth`: a higher one does not fit the Viewer's link
 * - `soundFirst`: the link is so narrow that the picture rests and the sound goes on
 * - `chosen`, `audioOnly`: the person's choice
 * - `size`: a higher one would have more pixels than the picture has on the screen
 * - `hidden`: nobody can see the picture
 * - `decoder`: the device cannot decode a higher one, or not smoothly
 * - `slowDevice`: the device was seen dropping pictures or decoding them too slowly
 * - `dataSaver`: the browser was told to save data, or says that the network is a slow one
 * - `source`: the broadcaster does not send a higher one at present
 */
export const LAYER_REASONS = [
  'starting',
  'best',
  'bandwidth',
  'soundFirst',
  'chosen',
  'audioOnly',
  'size',
  'hidden',
  'decoder',
  'slowDevice',
  'dataSaver',
  'source',
] as const;
export const layerReasonSchema = z.enum(LAYER_REASONS);
export type LayerReason = z.infer<typeof layerReasonSchema>;

/** `MediaCapabilitiesInfo` (https://www.w3.org/TR/media-capabilities/) of one Layer. */
const decodingSchema = z.object({
  supported: z.boolean(),
  smooth: z.boolean(),
  powerEfficient: z.boolean(),
});

/** What the player can make use of: told on change, a few times a second at most. */
export const deviceReportSchema = z.object({
  /** The element's size in device pixels (CSS pixels times the pixel ratio); 0 where it has none. */
  width: z.number().int().min(0).max(65_536),
  height: z.number().int().min(0).max(65_536),
  /** Can the picture be seen: page shown and element in the viewport, or picture-in-picture? */
  visible: z.boolean(),
  /** Can the sound be heard: not muted, volume above 0? */
  audible: z.boolean(),
  /** By Layer, lowest first; empty where the browser does not tell. */
  decoding: z.array(decodingSchema).max(8),
  /** Share of the pictures dropped since the last report, 0 to 1. */
  droppedFraction: z.number().min(0).max(1),
  /** Time to decode the average picture, as a share of the time between two. */
  decodeLoad: z.number().min(0).max(100),
  /** `navigator.connection.saveData` (https://wicg.github.io/savedata/). */
  saveData: z.boolean(),
  /** `navigator.connection.effectiveType` (https://wicg.github.io/netinfo/), where the browser tells. */
  effectiveType: z.enum(['slow-2g', '2g', '3g', '4g']).optional(),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

const milliseconds = z.number().min(0).max(600_000).nullable();
const count = z.number().int().min(0).max(1e12);

/** How it went so far: told every few seconds; the last one is kept when the Viewer goes. */
export const qualityReportSchema = z.object({
  /** Since the Viewer joined, pauses left out, seconds. */
  watchedSeconds: z.number().min(0).max(1e9),
  framesDecoded: count,
  framesDropped: count,
  freezes: count,
  freezeSeconds: z.number().min(0).max(1e9),
  packetsReceived: count,
  packetsLost: z.number().int().min(-1e12).max(1e12),
  /** From `play()` to the first picture. */
  timeToFirstFrameMs: milliseconds,
  /** From the capture of a picture to its being shown, at present. */
  latencyMs: milliseconds,
  jitterBufferMs: milliseconds,
  decodeMs: milliseconds,
  roundTripMs: milliseconds,
});
export type QualityReport = z.infer<typeof qualityReportSchema>;
