import { SignalingClient } from '../../../signaling/client/index.ts';
import { Preparation } from '../receiving/preparation.ts';

/** The way to a server that is there before anybody presses play: a socket, a certificate, capabilities. */
export class SessionDoor {
  readonly signalUrl: string;
  readonly signaling: SignalingClient;
  readonly preparation = new Preparation();

  constructor(signalUrl: string) {
    this.signalUrl = signalUrl;
    this.signaling = new SignalingClient({ url: signalUrl });
    this.signaling.on('welcome', ({ routerRtpCapabilities }) => {
      this.preparation.welcome(routerRtpCapabilities);
    });
    this.preparation.warmUp();
    this.signaling.open();
  }

  close(): void {
    this.signaling.close();
  }
}

let ready: SessionDoor | null = null;

/** Opens the door that the next Session on this server goes through. @returns what closes it if none came */
export function warmUpDoor(signalUrl: string): () => void {
  if (ready?.signalUrl !== signalUrl) {
    ready?.close();
    ready = new SessionDoor(signalUrl);
  }
  const door = ready;
  return () => {
    if (ready !== door) return;
    ready = null;
    door.close();
  };
}

/** One that is open already, or a new one; it belongs to the caller from now on. */
export function takeDoor(signalUrl: string): SessionDoor {
  const door = ready;
  if (door?.signalUrl !== signalUrl) return new SessionDoor(signalUrl);
  ready = null;
  return door;
}
