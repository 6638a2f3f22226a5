import { debianExtras } from './debian-extras.mjs';

/**
 * Players that are not ours, in which the tests watch: WebKit, as a browser without WebRTC, with a display for it and what
 * it decodes H.264 and AAC with, and mpv.
 */
export const otherPlayersStep = debianExtras('players', {
  title: 'Other players',
  why: 'getting WebKit and mpv, because the tests watch in them too and they are missing.',
});
