/** The playlist of everything, with the sound that this browser plays. Builds without patents have no AAC. */
export function masterPlaylist(audio: Pick<HTMLMediaElement, 'canPlayType'> = new Audio()): string {
  const playsAac = audio.canPlayType('audio/mp4; codecs="mp4a.40.2"') !== '';
  return playsAac ? 'master.m3u8' : 'master-opus.m3u8';
}
