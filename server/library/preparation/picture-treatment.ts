import type { VideoInfo } from '../../ffmpeg/media-info.ts';

/** What is done to a picture besides making it smaller. */
export type PictureTreatment = {
  deinterlace: string | undefined;
  toneMap: string | undefined;
  colorMatrix: string;
  /** For people. */
  notes: string[];
};

/** Light as BT.2100 codes it, by ffmpeg's names: PQ and HLG. */
const HDR_TRANSFERS: ReadonlySet<string> = new Set(['smpte2084', 'arib-std-b67']);

/** White of a page on an HDR screen (ITU-R BT.2408 section 2), candela a square metre. */
const REFERENCE_WHITE = 203;

/** @param filters those that this ffmpeg has. */
export function treatPicture(video: VideoInfo, filters: ReadonlySet<string>): PictureTreatment {
  const isHdr = HDR_TRANSFERS.has(video.colorTransfer ?? '');
  const canMap = filters.has('zscale') && filters.has('tonemap');
  return {
    deinterlace: video.interlaced ? deinterlacer(filters) : undefined,
    toneMap: isHdr && canMap ? toneMap(video) : undefined,
    colorMatrix: colorMatrix(video),
    notes: [
      ...(video.interlaced ? ['It was interlaced; its pictures were made whole.'] : []),
      ...(isHdr ? [canMap ? 'It was HDR; its light was fitted to ordinary screens.' : PALE] : []),
    ],
  };
}

/** What becomes of HDR without zscale: the numbers are shown as they are. */
const PALE =
  'It is HDR, and the ffmpeg in use has no zscale filter to fit its light to screens: it looks pale.';

/** One picture for each frame, as every file's frame rate says. bwdif is the better one. */
function deinterlacer(filters: ReadonlySet<string>): string {
  return `${filters.has('bwdif') ? 'bwdif' : 'yadif'}=mode=send_frame:deint=all`;
}

/**
 * To linear light, its peaks rolled off, to BT.709. Files leave out what they hold often enough, so the input's
 * side is named and not guessed.
 */
function toneMap({ colorTransfer, colorPrimaries, colorSpace }: VideoInfo): string {
  const primaries = colorPrimaries === 'smpte432' ? 'smpte432' : 'bt2020';
  const matrix = colorSpace === 'bt709' ? 'bt709' : 'bt2020nc';
  const input = `tin=${colorTransfer}:pin=${primaries}:min=${matrix}`;
  return [
    `zscale=${input}:t=linear:npl=${REFERENCE_WHITE}`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
  ].join(',');
}

/** Files that do not say it: large ones are BT.709, small ones BT.601, as players guess. */
function colorMatrix({ colorSpace, height }: VideoInfo): string {
  if (colorSpace) return 'auto';
  return height >= 720 ? 'bt709' : 'bt601';
}
