export type PlayerAction =
  | 'togglePlay'
  | 'toggleMute'
  | 'toggleFullscreen'
  | 'togglePictureInPicture'
  | 'toggleStatistics'
  | 'volumeUp'
  | 'volumeDown'
  | 'toggleHelp'
  | 'close'
  | StoredAction;

/** What only something stored can do. */
export type StoredAction =
  | 'stepBack'
  | 'stepForward'
  | 'jumpBack'
  | 'jumpForward'
  | 'toStart'
  | 'toEnd'
  | 'toTenth'
  | 'slower'
  | 'faster'
  | 'frameBack'
  | 'frameForward'
  | 'toggleCaptions';

type KeyHelp = { keys: readonly string[]; action: PlayerAction; words: string };

/** What the help panel lists, in its order. */
export const KEYS: readonly KeyHelp[] = [
  { keys: ['Space', 'K'], action: 'togglePlay', words: 'Play or pause' },
  { keys: ['M'], action: 'toggleMute', words: 'Sound on or off' },
  { keys: ['↑', '↓'], action: 'volumeUp', words: 'Louder, quieter' },
  { keys: ['F'], action: 'toggleFullscreen', words: 'Full screen' },
  { keys: ['I'], action: 'togglePictureInPicture', words: 'Picture in picture' },
  { keys: ['S'], action: 'toggleStatistics', words: 'Figures of this stream' },
  { keys: ['?'], action: 'toggleHelp', words: 'This help' },
];

/** And of something stored, besides. */
export const STORED_KEYS: readonly KeyHelp[] = [
  { keys: ['←', '→'], action: 'stepForward', words: '5 seconds back, on' },
  { keys: ['J', 'L'], action: 'jumpForward', words: '10 seconds back, on' },
  { keys: ['Home', 'End'], action: 'toStart', words: 'To the beginning, the end' },
  { keys: ['0', '…', '9'], action: 'toTenth', words: 'To a tenth of the whole' },
  { keys: ['<', '>'], action: 'faster', words: 'Slower, faster' },
  { keys: [',', '.'], action: 'frameForward', words: 'Paused: a picture back, on' },
  { keys: ['C'], action: 'toggleCaptions', words: 'Captions on or off' },
];

const STORED_ACTIONS: Readonly<Record<string, StoredAction>> = {
  arrowleft: 'stepBack',
  arrowright: 'stepForward',
  j: 'jumpBack',
  l: 'jumpForward',
  home: 'toStart',
  end: 'toEnd',
  '<': 'slower',
  '>': 'faster',
  ',': 'frameBack',
  '.': 'frameForward',
  c: 'toggleCaptions',
  ...Object.fromEntries(Array.from('0123456789', (digit) => [digit, 'toTenth' as const])),
};

const ACTIONS: Readonly<Record<string, PlayerAction>> = {
  ' ': 'togglePlay',
  k: 'togglePlay',
  m: 'toggleMute',
  f: 'toggleFullscreen',
  i: 'togglePictureInPicture',
  s: 'toggleStatistics',
  arrowup: 'volumeUp',
  arrowdown: 'volumeDown',
  '?': 'toggleHelp',
  escape: 'close',
};

export type KeyPress = {
  key: string;
  modified: boolean;
  /** What has the focus takes text, such as an input. */
  typing: boolean;
  /** What has the focus uses keys itself: a slider or menu its arrows, a button only its Space. */
  onControl: boolean | 'button';
  /** Is it something stored, which has a beginning and an end? */
  stored?: boolean;
};

const OF_BUTTONS = new Set([' ']);
const OF_CONTROLS = new Set([
  ' ',
  'arrowup',
  'arrowdown',
  'arrowleft',
  'arrowright',
  'home',
  'end',
]);

/** What a key does in the player; null where it is none of its business. */
export function actionOfKey(press: KeyPress): PlayerAction | null {
  const { modified, typing, onControl, stored = false } = press;
  const key = press.key.toLowerCase();
  if (modified || typing) return null;
  if (onControl && (onControl === 'button' ? OF_BUTTONS : OF_CONTROLS).has(key)) return null;
  return ACTIONS[key] ?? (stored ? STORED_ACTIONS[key] : null) ?? null;
}

const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** The next speed up (1) or down (-1) from a present one. */
export function nextRate(present: number, direction: 1 | -1): number {
  const further = RATES.filter((rate) => (rate - present) * direction > 0);
  return (direction > 0 ? further[0] : further.at(-1)) ?? present;
}

/** Where an action leads in time, seconds; null where it leads nowhere. @param key the digit of `toTenth` */
export function seekTarget(
  action: PlayerAction,
  key: string,
  { currentTime, duration }: { currentTime: number; duration: number },
): number | null {
  if (!Number.isFinite(duration)) return null;
  const targets: Partial<Record<PlayerAction, number>> = {
    stepBack: currentTime - 5,
    stepForward: currentTime + 5,
    jumpBack: currentTime - 10,
    jumpForward: currentTime + 10,
    toStart: 0,
    toEnd: duration,
    toTenth: (Number(key) * duration) / 10,
  };
  const target = targets[action];
  return target === undefined ? null : Math.min(duration, Math.max(0, target));
}
