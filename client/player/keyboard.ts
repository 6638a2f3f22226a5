export type PlayerAction =
  | 'togglePlay'
  | 'toggleMute'
  | 'toggleFullscreen'
  | 'togglePictureInPicture'
  | 'toggleStatistics'
  | 'volumeUp'
  | 'volumeDown'
  | 'toggleHelp'
  | 'close';

/** What the help panel lists, in its order. */
export const KEYS: readonly { keys: readonly string[]; action: PlayerAction; words: string }[] = [
  { keys: ['Space', 'K'], action: 'togglePlay', words: 'Play or pause' },
  { keys: ['M'], action: 'toggleMute', words: 'Sound on or off' },
  { keys: ['↑', '↓'], action: 'volumeUp', words: 'Louder, quieter' },
  { keys: ['F'], action: 'toggleFullscreen', words: 'Full screen' },
  { keys: ['I'], action: 'togglePictureInPicture', words: 'Picture in picture' },
  { keys: ['S'], action: 'toggleStatistics', words: 'Figures of this stream' },
  { keys: ['?'], action: 'toggleHelp', words: 'This help' },
];

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
  /** What has the focus uses this key itself: a button its Space, a slider or menu its arrows. */
  onControl: boolean;
};

/** What a key does in the player; null where it is none of its business. */
export function actionOfKey({ key, modified, typing, onControl }: KeyPress): PlayerAction | null {
  if (modified || typing) return null;
  if (onControl && (key === ' ' || key.startsWith('Arrow'))) return null;
  return ACTIONS[key.toLowerCase()] ?? null;
}
