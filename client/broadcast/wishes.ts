/** What the person wants to send. */
export type Wishes = {
  picture: 'camera' | 'screen' | 'none';
  /** A device's id, or a side of a phone: `user` or `environment`; null: the browser's own choice. */
  camera: string | null;
  /** A device's id; null: the browser's own choice; `none`: no microphone. */
  microphone: string | null;
  /** The picture's shorter side, pixels. */
  height: number;
  framesPerSecond: number;
};

export const NO_MICROPHONE = 'none';
export const HEIGHTS = [360, 480, 720, 1080] as const;
export const FRAME_RATES = [15, 30, 60] as const;

export const firstWishes: Wishes = {
  picture: 'camera',
  camera: null,
  microphone: null,
  height: 720,
  framesPerSecond: 30,
};

/**
 * The camera that is asked for. Everything but the device is a wish only (`ideal`): a smaller picture is
 * better than none (https://www.w3.org/TR/mediacapture-streams/#constrainable-interface).
 */
export function cameraConstraints(wishes: Wishes): MediaTrackConstraints {
  const { camera, height, framesPerSecond } = wishes;
  return {
    ...deviceConstraint(camera),
    width: { ideal: widthFor(height) },
    height: { ideal: height },
    frameRate: { ideal: framesPerSecond, max: framesPerSecond },
  };
}

/** 16:9, in whole blocks of 16 pixels, so that half and quarter of it are whole for the encoder too. */
function widthFor(height: number): number {
  return Math.round(height / 9) * 16;
}

function deviceConstraint(camera: Wishes['camera']): MediaTrackConstraints {
  if (camera === null) return {};
  if (camera === 'user' || camera === 'environment') return { facingMode: { ideal: camera } };
  return { deviceId: { exact: camera } };
}

/** Speech first: the browser's own echo cancellation, noise suppression and gain control. */
export function microphoneConstraints({ microphone }: Wishes): MediaTrackConstraints {
  const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return microphone === null ? cleaned : { ...cleaned, deviceId: { exact: microphone } };
}

/** The screen as it is, up to its own size: shrinking makes text unreadable. Its sound comes unprocessed. */
export function screenConstraints({ framesPerSecond }: Wishes): DisplayMediaStreamOptions {
  return {
    video: { frameRate: { ideal: framesPerSecond, max: framesPerSecond } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  };
}

/**
 * What the encoder should keep when it cannot keep everything
 * (https://www.w3.org/TR/mst-content-hint/): the sharpness of a screen, the motion of a camera.
 */
export function contentHint(picture: 'camera' | 'screen', moving: boolean): 'detail' | 'motion' {
  return picture === 'screen' && !moving ? 'detail' : 'motion';
}

/** Is the preview a mirror, as people expect of a camera that looks at them? */
export function isMirrored(picture: Wishes['picture'], facingMode: string | undefined): boolean {
  return picture === 'camera' && facingMode !== 'environment';
}

export type DeviceEntry = { deviceId: string; label: string };

/** The devices of a kind, by names that differ; empty ids stand for devices not yet allowed to be named. */
export function deviceEntries(
  devices: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[],
  kind: MediaDeviceKind,
  word: string,
): DeviceEntry[] {
  return devices
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map(({ deviceId, label }, index) => ({ deviceId, label: label || `${word} ${index + 1}` }));
}

/**
 * Which device takes the place of one that is gone; null where there is none. The one that was wished for
 * comes first, so that a plug that slipped out and goes in again changes nothing.
 */
export function replacementFor(
  wished: string | null,
  entries: readonly DeviceEntry[],
): string | null {
  const found = entries.find(({ deviceId }) => deviceId === wished) ?? entries[0];
  return found?.deviceId ?? null;
}
