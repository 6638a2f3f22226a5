import { type Segment, targetDuration } from './segments.ts';

/** Playlists of HLS (draft-pantos-hls-rfc8216bis). Pure: everything that they say is given. */

/** fMP4 with EXT-X-MAP needs 7 (section 8). */
const HEAD = ['#EXTM3U', '#EXT-X-VERSION:7'];

/** A track as a media playlist shows it. */
export interface SegmentedFile {
  /** Relative to the playlist. */
  uri: string;
  /** Bytes of `ftyp` and `moov`, before the first segment. */
  mapBytes: number;
  segments: readonly Segment[];
}

/** @param iFramesOnly each segment is one key frame, for looking through quickly (section 4.4.3.6) */
export function mediaPlaylist(file: SegmentedFile, { iFramesOnly = false } = {}): string {
  const { uri, mapBytes, segments } = file;
  return lines([
    ...HEAD,
    ...vod(segments),
    ...(iFramesOnly ? ['#EXT-X-I-FRAMES-ONLY'] : []),
    `#EXT-X-MAP:URI="${uri}",BYTERANGE="${mapBytes}@0"`,
    ...segments.flatMap(({ duration, bytes, offset }) => [
      extinf(duration),
      `#EXT-X-BYTERANGE:${bytes}@${offset}`,
      uri,
    ]),
    '#EXT-X-ENDLIST',
  ]);
}

/** Captions are one segment: WebVTT, whose times begin with the film (section 3.1.4). @param duration seconds */
export function captionsPlaylist(uri: string, duration: number): string {
  return lines([...HEAD, ...vod([{ duration }]), extinf(duration), uri, '#EXT-X-ENDLIST']);
}

function vod(segments: readonly Pick<Segment, 'duration'>[]): string[] {
  return [`#EXT-X-TARGETDURATION:${targetDuration(segments)}`, '#EXT-X-PLAYLIST-TYPE:VOD'];
}

const extinf = (duration: number): string => `#EXTINF:${duration.toFixed(5)},`;

/** Bits a second, of a whole file. */
export interface Bandwidth {
  peak: number;
  average: number;
}

export interface MasterVideo extends Bandwidth {
  uri: string;
  codecs: string;
  width: number;
  height: number;
}

export interface MasterSound extends Bandwidth {
  /** Of its group: `aac`. */
  id: string;
  uri: string;
  codecs: string;
}

export interface MasterCaptions extends Bandwidth {
  uri: string;
  name: string;
  /** BCP 47. */
  language: string | undefined;
}

/** What there is of an Asset. */
export interface Master {
  /** Low to high. */
  videos: readonly MasterVideo[];
  /** One for all: a group of another codec would be another ladder. */
  sound: MasterSound | undefined;
  captions: readonly MasterCaptions[];
  /** Key frames only. */
  iFrames: readonly MasterVideo[];
  framesPerSecond: number | undefined;
}

/** The multivariant playlist (section 4.4.6): each Rendition with the sound, or that alone. */
export function masterPlaylist(master: Master): string {
  const { videos, sound, captions, iFrames } = master;
  const hasPicture = videos.length > 0;
  return lines([
    ...HEAD,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(hasPicture && sound ? [soundGroup(sound)] : []),
    ...uniquelyNamed(captions).map(subtitles),
    ...(hasPicture ? withSound(master) : sound ? soundAlone(sound, captions) : []),
    ...iFrames.map(iFrameStream),
  ]);
}

function soundGroup({ id, uri }: MasterSound): string {
  const about = `NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"`;
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${id}",${about},URI="${uri}"`;
}

function subtitles({ name, language, uri }: MasterCaptions): string {
  const spoken = language === undefined ? '' : `,LANGUAGE="${quotable(language)}"`;
  const about = `NAME="${quotable(name)}"${spoken},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO`;
  return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",${about},URI="${uri}"`;
}

function withSound({ videos, sound, captions, framesPerSecond }: Master): string[] {
  return videos.flatMap((video) => {
    const attributes = [
      ...bandwidth([video, ...(sound ? [sound] : []), ...largest(captions)]),
      `CODECS="${[video.codecs, ...(sound ? [sound.codecs] : [])].join(',')}"`,
      `RESOLUTION=${video.width}x${video.height}`,
      ...(framesPerSecond === undefined ? [] : [`FRAME-RATE=${framesPerSecond.toFixed(3)}`]),
      ...(sound ? [`AUDIO="${sound.id}"`] : []),
      ...captionsGroup(captions),
    ];
    return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, video.uri];
  });
}

function soundAlone(sound: MasterSound, captions: readonly MasterCaptions[]): string[] {
  const rates = bandwidth([sound, ...largest(captions)]);
  const attributes = [...rates, `CODECS="${sound.codecs}"`, ...captionsGroup(captions)];
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, sound.uri];
}

function iFrameStream(video: MasterVideo): string {
  const { codecs, width, height, uri } = video;
  const about = `CODECS="${codecs}",RESOLUTION=${width}x${height},URI="${uri}"`;
  return `#EXT-X-I-FRAME-STREAM-INF:${bandwidth([video]).join(',')},${about}`;
}

/** Of all that are played together. */
function bandwidth(together: readonly Bandwidth[]): string[] {
  const sum = (of: keyof Bandwidth) => together.reduce((total, one) => total + one[of], 0);
  return [`BANDWIDTH=${sum('peak')}`, `AVERAGE-BANDWIDTH=${sum('average')}`];
}

/** One of them is played at a time. */
function largest(captions: readonly MasterCaptions[]): MasterCaptions[] {
  return captions.toSorted((a, b) => b.peak - a.peak).slice(0, 1);
}

const captionsGroup = (captions: readonly MasterCaptions[]): string[] =>
  captions.length > 0 ? ['SUBTITLES="captions"'] : [];

/** In a group no two have the same name (section 4.4.6.1.1). */
function uniquelyNamed(captions: readonly MasterCaptions[]): MasterCaptions[] {
  const taken = new Set<string>();
  return captions.map((one) => {
    let name = one.name;
    for (let count = 2; taken.has(quotable(name)); count += 1) name = `${one.name} (${count})`;
    taken.add(quotable(name));
    return { ...one, name };
  });
}

/** What a quoted string may not hold (section 4.2). */
const quotable = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('"', '’');

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
