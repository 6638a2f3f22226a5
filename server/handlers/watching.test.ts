import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  type RequestData,
  type RequestResult,
  SfumatoError,
  type WatchRefusal,
} from '../../signaling/contract/index.ts';
import {
  type Admitting,
  type Opening,
  type Voice,
  type WatchedChannel,
  Watching,
} from './watching.ts';

const DTLS = { role: 'client', fingerprints: [] } as const;
const PARAMETERS = {
  rtpCapabilities: { codecs: [] },
  dtlsParameters: { ...DTLS, fingerprints: [] },
};
const REQUEST: RequestData<'openSession'> = {
  ...{ ...PARAMETERS, assetId: 'A'.repeat(16), at: 0, paused: false, preferredLayer: 'auto' },
};
const TRANSPORT: RequestResult<'openSession'>['transport'] = {
  id: 'one',
  iceParameters: { usernameFragment: 'a', password: 'b', iceLite: true },
  iceCandidates: [],
  dtlsParameters: { ...DTLS, fingerprints: [] },
};
const ANSWER: RequestResult<'openSession'> = {
  asset: { duration: 1, framesPerSecond: 25, hasAudio: false, renditions: [] },
  transport: TRANSPORT,
  consumers: [],
};

const watched = {
  resume: async () => undefined,
  setPreferredLayer: () => undefined,
  reportDevice: () => undefined,
  reportCongestion: () => undefined,
  reportQuality: () => undefined,
  restartIce: () => Promise.reject(new Error('not here')),
};

class TestSession {
  readonly #voice: Voice;
  closed = false;

  constructor(voice: Voice) {
    this.#voice = voice;
  }
  get isHeard(): boolean {
    return !this.#voice.isHushed;
  }
  leave(): void {
    this.closed = true;
  }
  endWith(): void {
    this.closed = true;
  }
}

describe('what one connection watches', () => {
  let sessions: TestSession[];
  let watching: Watching;
  let opening: PromiseWithResolvers<void>;
  let told: unknown[];
  /** In the order in which they were given. */
  let rights: { refuse: (refusal: WatchRefusal) => void; isClosed: boolean; renewed: string[] }[];

  const admit: Admitting = async (_play, onRefused) => {
    const right = {
      isClosed: false,
      renewed: [] as string[],
      refuse: (refusal: WatchRefusal) => onRefused(new SfumatoError('forbidden', 'x', { refusal })),
      renew: async (token: string) => void right.renewed.push(token),
      giveUpSeat: () => undefined,
      close: () => {
        right.isClosed = true;
      },
    };
    rights.push(right);
    return right;
  };

  /** Opened as soon as `opening` is done. */
  const open: Opening = async (_request, voice) => {
    await opening.promise;
    const session = new TestSession(voice);
    sessions.push(session);
    const steer = () => Promise.reject(new Error('not here'));
    return {
      session: Object.assign(session, { ...watched, steer }),
      answer: ANSWER,
    };
  };
  const viewer: WatchedChannel = {
    ...watched,
    watching: false,
    join: async () => {
      await opening.promise;
      throw new Error('not here');
    },
    zap: () => Promise.reject(new Error('not here')),
    leave: () => undefined,
    close: () => undefined,
  };

  const states = () => sessions.map(({ isHeard, closed }) => ({ isHeard, closed }));

  beforeEach(async () => {
    sessions = [];
    opening = Promise.withResolvers();
    opening.resolve();
    told = [];
    rights = [];
    watching = new Watching({ viewer, open, admit, onRefused: (why) => told.push(why.refusal) });
    await watching.openSession(REQUEST);
    opening = Promise.withResolvers();
  });

  test('a Session is hushed, and goes on, until the next one is there', async () => {
    const next = watching.openSession(REQUEST);
    expect(states()).toEqual([{ isHeard: false, closed: false }]);
    opening.resolve();
    await next;
    expect(states()).toMatchObject([{ closed: true }, { isHeard: true, closed: false }]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['Session', () => watching.openSession(REQUEST)],
    ['Channel', () => watching.join({ ...REQUEST, channelId: 'clip' })],
  ])('where the next %s cannot be had, it is heard again', async (_name, goOn) => {
    const next = goOn();
    expect(states()).toEqual([{ isHeard: false, closed: false }]);
    opening.reject(new Error('not there'));
    await expect(next).rejects.toThrow('not there');
    expect(states()).toEqual([{ isHeard: true, closed: false }]);
  });

  test('what is opened for a socket that is gone is ended', async () => {
    const next = watching.openSession(REQUEST);
    watching.close();
    opening.resolve();
    await next;
    expect(states()).toMatchObject([{ closed: true }, { closed: true }]);
  });

  test('what may not be watched any more ends, and that is told', () => {
    rights[0]?.refuse('revoked');
    expect(states()).toMatchObject([{ closed: true }]);
    expect([told, rights[0]?.isClosed]).toEqual([['revoked'], true]);
    rights[0]?.refuse('revoked');
    expect(told).toHaveLength(1);
  });

  test('of what is gone a Session tells itself', () => {
    rights[0]?.refuse('gone');
    expect(states()).toMatchObject([{ closed: true }]);
    expect(told).toEqual([]);
  });

  test('what is refused while the next is being opened waits for that', async () => {
    const next = watching.openSession(REQUEST);
    await Promise.resolve();
    rights[0]?.refuse('expired');
    expect(told).toEqual([]);
    opening.resolve();
    await next;
    expect(told).toEqual([]);
    expect(states()).toMatchObject([{ closed: true }, { closed: false }]);
    expect(rights.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test('and ends where the next one cannot be had', async () => {
    const next = watching.openSession(REQUEST);
    await Promise.resolve();
    rights[0]?.refuse('expired');
    opening.reject(new Error('not there'));
    await expect(next).rejects.toThrow('not there');
    expect(states()).toMatchObject([{ closed: true }]);
    expect([told, rights.map(({ isClosed }) => isClosed)]).toEqual([['expired'], [true, true]]);
  });

  test('what is refused before it is there is not given', async () => {
    const next = watching.openSession(REQUEST);
    await Promise.resolve();
    rights[1]?.refuse('full');
    opening.resolve();
    await expect(next).rejects.toMatchObject({ refusal: 'full' });
    expect(states()).toMatchObject([{ closed: true }, { closed: true }]);
    expect([told, rights.map(({ isClosed }) => isClosed)]).toEqual([[], [true, true]]);
  });

  test('another token is shown for what is watched, and for nothing else', async () => {
    await watching.renewGrant('a.b.c');
    expect(rights[0]?.renewed).toEqual(['a.b.c']);
    watching.leave();
    await expect(watching.renewGrant('a.b.c')).rejects.toMatchObject({ code: 'notJoined' });
  });
});
