/** Events of the inner `<video>` that tell of its sources coming and going, and nothing about a Channel. */
const OF_A_STREAM: ReadonlySet<string> = new Set([
  'abort',
  'emptied',
  'ended',
  'error',
  'loadstart',
  'stalled',
  'suspend',
]);

/** Never of something stored: the player has its own word for them. */
const OF_NO_ASSET: ReadonlySet<string> = new Set([
  'abort',
  'durationchange',
  'ended',
  'error',
  'ratechange',
]);

/** What a `<video>` says while it carries a stream, or is given another source, and what is not so of the Asset. */
const OF_ITS_OWN_TIME: ReadonlySet<string> = new Set([
  ...OF_NO_ASSET,
  'emptied',
  'loadstart',
  'playing',
  'progress',
  'seeked',
  'seeking',
  'stalled',
  'suspend',
  'timeupdate',
  'waiting',
]);

/** Is an event of the inner `<video>` one of the live Channel's, too? */
export function isOfChannel(type: string): boolean {
  return !OF_A_STREAM.has(type);
}

/** Is it one of the Asset's? @param keepsTime does the `<video>` keep the Asset's time at this moment? */
export function isOfAsset(type: string, keepsTime: boolean): boolean {
  return !(keepsTime ? OF_NO_ASSET : OF_ITS_OWN_TIME).has(type);
}
