import type { Finding, Layer } from '../../signaling/contract/index.ts';

/** What was measured of a Broadcast. */
export interface Facts {
  /** A page can end what nobody watches; an encoder sends all that it has announced. */
  kind: 'webcam' | 'whip';
  /** Are lower Layers made here, for whoever sends one only? */
  hasLadder: boolean;
  hasVideo: boolean;
  hasAudio: boolean;
  /** Lowest first. */
  layers: readonly {
    /** Frames seen, and those of them that came after one that is shown later. */
    frames: number;
    framesOutOfOrder: number;
    /** H.264, as the stream itself says. */
    profile?: { idc: number; constraints: number } | undefined;
    /** Has anything of it arrived lately, and ever? */
    flows: boolean;
    hasFlowed: boolean;
    /** How long it flowed, after a key frame was asked for, until one came. */
    keyFrameWaitMs: number;
    /** Was its last key frame of one colour? */
    plain?: boolean | undefined;
    /** How much faster than ours its clock runs: 0.2 by a fifth. */
    driftFraction?: number | undefined;
  }[];
  /** Since when nothing was to be heard. */
  silentForMs: number;
  /** 0 to 1. */
  packetLossFraction: number;
}

type Examiner = (facts: Facts) => boolean;

const LOSS_THAT_SHOWS = 0.05;
/** A few frames can be out of order by a fault on the way; B-frames are every second one or third. */
const B_FRAMES_FRACTION = 0.1;
/** Encoders that listen answer within a second, and mediasoup asks twice. */
const KEY_FRAME_PATIENCE_MS = 4_000;
/** Longer than people pause, and than microphones with noise suppression say nothing. */
const SILENCE_PATIENCE_MS = 10_000;
/** Clocks of computers differ by less than a thousandth; a wrong frame rate makes it a sixth. */
const DRIFT_THAT_SHOWS = 0.05;

const EXAMINERS: readonly {
  code: Finding['code'];
  finds: Examiner;
  finding: Omit<Finding, 'code'>;
}[] = [
  {
    code: 'noVideo',
    finds: ({ hasVideo }) => !hasVideo,
    finding: { severity: 'hint', message: 'There is no picture in this broadcast.' },
  },
  {
    code: 'noAudio',
    finds: ({ hasAudio }) => !hasAudio,
    finding: { severity: 'hint', message: 'There is no sound in this broadcast.' },
  },
  {
    code: 'singleLayer',
    finds: ({ layers, hasLadder }) => layers.length === 1 && !hasLadder,
    finding: {
      severity: 'hint',
      message:
        'The picture comes in one quality only: viewers on a slow connection cannot get a smaller one. Turn on simulcast in the encoder.',
    },
  },
  {
    code: 'bFrames',
    finds: ({ layers }) =>
      layers.some(
        ({ frames, framesOutOfOrder }) =>
          frames > 10 && framesOutOfOrder / frames > B_FRAMES_FRACTION,
      ),
    finding: {
      severity: 'problem',
      message:
        'The encoder makes B-frames, which stutter in browsers. Set B-frames to 0, or the tune to “zerolatency”.',
    },
  },
  {
    code: 'keyFramesTooFar',
    finds: ({ layers }) =>
      layers.some(({ keyFrameWaitMs }) => keyFrameWaitMs >= KEY_FRAME_PATIENCE_MS),
    finding: {
      severity: 'problem',
      message:
        'The encoder sends key frames too seldom, also when it is asked for one: viewers wait for seconds until they see anything. Set the keyframe interval to 1 s.',
    },
  },
  {
    code: 'profileMismatch',
    finds: ({ layers }) => layers.some(({ profile }) => profile && !isBaseline(profile)),
    finding: {
      severity: 'problem',
      message:
        'The encoder sends another H.264 profile than it has announced: Safari shows black. Set the profile to “baseline”.',
    },
  },
  {
    code: 'frozenLayer',
    finds: ({ kind, layers }) =>
      kind === 'whip' && layers.some(({ flows, hasFlowed }) => hasFlowed && !flows),
    finding: {
      severity: 'problem',
      message:
        'The picture, or one of its qualities, has stopped coming. Start the encoder’s output again.',
    },
  },
  {
    code: 'wrongClock',
    finds: ({ layers }) =>
      layers.some(({ driftFraction = 0 }) => Math.abs(driftFraction) > DRIFT_THAT_SHOWS),
    finding: {
      severity: 'problem',
      message:
        'The clock of the picture runs too fast or too slow: it stutters, and the sound does not fit. Set the encoder’s frame rate to that of its source.',
    },
  },
  {
    code: 'silence',
    finds: ({ hasAudio, silentForMs }) => hasAudio && silentForMs >= SILENCE_PATIENCE_MS,
    finding: {
      severity: 'hint',
      message: 'There has been nothing to hear for a while. Is the microphone muted or unplugged?',
    },
  },
  {
    code: 'black',
    // The lower ones lose what is small: the largest that was seen decides.
    finds: ({ layers }) => layers.findLast(({ plain }) => plain !== undefined)?.plain === true,
    finding: {
      severity: 'hint',
      message:
        'The picture seems to be of one colour, perhaps black. Is the camera covered, or another scene chosen?',
    },
  },
  {
    code: 'packetLoss',
    finds: ({ packetLossFraction }) => packetLossFraction > LOSS_THAT_SHOWS,
    finding: {
      severity: 'problem',
      message:
        'Parts of the broadcast are lost on their way to the server. Use a cable instead of Wi-Fi, or a lower bit rate.',
    },
  },
];

/** What is the matter with it, in words. */
export function findingsOf(facts: Facts): Finding[] {
  return EXAMINERS.flatMap(({ code, finds, finding }) =>
    finds(facts) ? [{ code, ...finding }] : [],
  );
}

/** Constrained or not: without B-frames and interlacing, decoders do not tell the difference. */
function isBaseline({ idc, constraints }: { idc: number; constraints: number }): boolean {
  return idc === 0x42 || (idc === 0x4d && (constraints & 0x80) !== 0);
}

/** What is known of a Layer's picture, once a key frame of it has been seen. */
export interface MeasuredLayer {
  picture: { width: number; height: number } | undefined;
  frames: number;
  /** 90 kHz. */
  ticks: number;
  /** Bits a second. */
  bitrate: number;
}

/**
 * The Layers as Viewers are told them. One that has not been seen yet, because nobody wants it or the
 * link is slow, is taken to be half or double its neighbour, as simulcast has it.
 */
export function layersOf(measured: readonly MeasuredLayer[]): Layer[] {
  const known = measured.findIndex(({ picture }) => picture !== undefined);
  const reference = measured[known];
  if (reference?.picture === undefined) return [];
  const { picture } = reference;
  return measured.map((layer, index) => {
    const scale = 2 ** (index - known);
    const { width, height } = layer.picture ?? {
      width: Math.max(2, Math.round(picture.width * scale)),
      height: Math.max(2, Math.round(picture.height * scale)),
    };
    const pace = layer.ticks > 0 ? layer : reference;
    return {
      width,
      height,
      framesPerSecond: Math.max(1, Math.round((pace.frames * 90_000) / Math.max(1, pace.ticks))),
      bitrate: Math.max(
        1,
        Math.round(layer.bitrate > 0 ? layer.bitrate : reference.bitrate * scale ** 2),
      ),
    };
  });
}
