import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../test/support/live-server.ts';
import { type PartyTimeline, positionAt, SfumatoError } from '../../signaling/contract/index.ts';
import { Parties, serverNowMs } from './parties.ts';
import type { Party, SteeredSession } from './party.ts';
import { PartyMember } from './party-member.ts';
import { SEND_AHEAD_MS, type SessionCourse } from './party-timeline.ts';

const ASSET = { id: 'ABCDEFGHIJKLMNO2', kind: 'video', watchable: true, duration: 60 } as const;
const WANTED = { asset: ASSET, steering: 'host', position: 5, ownerId: 'ada' } as const;

let parties = new Parties();

afterEach(() => {
  parties.close();
  parties = new Parties();
});

class Session implements SteeredSession {
  readonly courses: SessionCourse[] = [];
  follow(course: SessionCourse): void {
    this.courses.push(course);
  }
  free = false;
  letGo(): void {
    this.free = true;
  }
  get rates(): number[] {
    return this.courses.map(({ rate }) => rate);
  }
}

/** Somebody with a socket, and what they were told. */
function somebody(mayWatch: () => boolean = () => true) {
  const admitted: ((why: SfumatoError) => void)[] = [];
  const told: { moved: PartyTimeline[]; changed: unknown[]; ended: string[] } = {
    ...{ moved: [], changed: [], ended: [] },
  };
  const member = new PartyMember({
    parties,
    admit: async (_play, onRefused) => {
      if (!mayWatch()) throw noSuchAsset();
      admitted.push(onRefused);
      return () => admitted.splice(0);
    },
    events: {
      moved: (timeline) => told.moved.push(timeline),
      changed: (change) => told.changed.push(change),
      ended: (reason) => told.ended.push(reason),
    },
  });
  const lose = () => admitted.forEach((onRefused) => onRefused(noSuchAsset()));
  return { member, told, lose };
}

const noSuchAsset = () => new SfumatoError('notFound', 'There is no such Asset.');

async function opened(steering: 'host' | 'everyone' = 'host') {
  const { party, hostKey } = parties.create({ ...WANTED, steering });
  const [host, guest] = [somebody(), somebody()];
  await host.member.join({ partyId: party.id, hostKey });
  await guest.member.join({ partyId: party.id });
  return { party, hostKey, host, guest };
}

const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });
/** What is thrown, as a rejection. */
const tried = async (run: () => unknown) => await run();

describe('a party', () => {
  test('has an id and a key that nobody guesses', () => {
    const all = Array.from({ length: 20 }, (_, n) =>
      parties.create({ ...WANTED, ownerId: `${n}` }),
    );
    const names = all.flatMap(({ party, hostKey }) => [party.id, hostKey]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(Buffer.from(name, 'base64url')).toHaveLength(16);
  });

  test('begins where it was opened, and waits', async () => {
    const { guest, party } = await opened();
    expect(party.info()).toMatchObject({ timeline: { position: 5, paused: true }, watchers: 2 });
    expect(guest.told.moved).toEqual([]);
  });

  test('is steered by its host, and all are told the same', async () => {
    const { host, guest } = await opened();
    const timeline = host.member.steer({ paused: false });
    expect(timeline).toMatchObject({ position: 5, paused: false });
    expect(guest.told.moved).toEqual([timeline]);
    expect(host.told.moved).toEqual([timeline]);
    expect(() => guest.member.steer({ paused: true })).toThrow('The host steers');
  });

  test('or by everyone, and that is a setting', async () => {
    const { party, guest, host } = await opened();
    party.setSteering('everyone');
    await until(async () => guest.told.changed.length > 0);
    expect(guest.told.changed).toEqual([{ watchers: 2, steering: 'everyone', maySteer: true }]);
    expect(guest.member.steer({ at: 20 })).toMatchObject({ position: 20 });
    expect(host.told.moved).toHaveLength(1);
  });

  test('several orders at once are told as one, the newest', async () => {
    const { host, guest } = await opened();
    for (const at of [10, 20, 30, 40]) host.member.steer({ at });
    await until(async () => guest.told.moved.at(-1)?.position === 40);
    expect(guest.told.moved.map(({ position }) => position)).toEqual([10, 40]);
  });

  test('whose socket is gone comes to none any more', async () => {
    const { party } = await opened();
    const { member } = somebody();
    const joining = member.join({ partyId: party.id });
    member.close();
    await expect(joining).rejects.toEqual(code('conflict'));
    await expect(member.join({ partyId: party.id })).rejects.toEqual(code('conflict'));
    expect(party.info().watchers).toBe(2);
  });

  test('who leaves is told nothing, and may steer nothing', async () => {
    const { host, guest, party } = await opened();
    guest.member.leave();
    host.member.steer({ paused: false });
    expect(guest.told.moved).toEqual([]);
    expect(party.info().watchers).toBe(1);
    expect(() => guest.member.steer({})).toThrow(code('notJoined'));
  });

  test('a wrong key makes nobody the host', async () => {
    const { party } = await opened();
    const { member } = somebody();
    const joined = await member.join({ partyId: party.id, hostKey: 'A'.repeat(22) });
    expect(joined).toMatchObject({ isHost: false, maySteer: false });
  });

  test('comes to its end and stands there', async () => {
    const { host, guest } = await opened();
    host.member.steer({ at: 59.9, paused: false });
    await until(async () => guest.told.moved.at(-1)?.paused === true);
    expect(guest.told.moved.at(-1)).toMatchObject({ position: 60 });
    expect(host.member.steer({ paused: false })).toMatchObject({ position: 0 });
  });

  test('or begins again', async () => {
    const { host, guest } = await opened();
    host.member.steer({ at: 59.8, paused: false, loop: true });
    await until(async () => guest.told.moved.at(-1)?.position === 0);
    expect(guest.told.moved.at(-1)).toMatchObject({ paused: false, loop: true });
  });
});

describe('Sessions', () => {
  test('are steered alike, and a late one is where the others are', async () => {
    const { party, host } = await opened();
    const [one, two, late] = [new Session(), new Session(), new Session()];
    parties.admit(party.id, ASSET.id, one);
    const place = parties.admit(party.id, ASSET.id, two);
    const timeline = host.member.steer({ at: 20, paused: false });
    expect(one.courses).toEqual(two.courses);
    expect(one.courses).toEqual([{ at: 20, rate: 1, atMs: timeline.atServerMs - SEND_AHEAD_MS }]);
    const course = parties.admit(party.id, ASSET.id, late).course();
    const shownMs = course.atMs + SEND_AHEAD_MS;
    expect(course.at).toBeCloseTo(positionAt(timeline, shownMs, ASSET.duration), 6);
    place.leave();
    await until(async () => serverNowMs() > timeline.atServerMs);
    host.member.steer({ paused: true });
    expect(one.rates).toEqual([1, 0]);
    expect(two.rates).toEqual([1]);
  });

  test('of something else have no place', async () => {
    const { party } = await opened();
    const admit = (id: string, assetId: string) => () => parties.admit(id, assetId, new Session());
    expect(admit(party.id, 'BBCDEFGHIJKLMNO2')).toThrow(code('conflict'));
    expect(admit('A'.repeat(22), ASSET.id)).toThrow(code('notFound'));
  });
});

describe('the end of a party', () => {
  const gone = (party: Party) => async () => !has(party);
  const has = ({ id }: Party) => {
    try {
      return parties.get(id) !== undefined;
    } catch {
      return false;
    }
  };

  test('comes when nobody was there for a while', async () => {
    parties = new Parties({ keptMs: 100 });
    const { party, host, guest } = await opened();
    host.member.close();
    guest.member.close();
    await until(gone(party));
    expect(parties.count).toBe(0);
  });

  test('does not come while somebody is there, or comes back in time', async () => {
    parties = new Parties({ keptMs: 100 });
    const { party, host, guest } = await opened();
    const lonely = parties.create(WANTED).party;
    host.member.close();
    guest.member.leave();
    await guest.member.join({ partyId: party.id });
    await until(gone(lonely));
    expect(has(party)).toBe(true);
  });

  test('is told by the host', async () => {
    const { party, guest } = await opened();
    const session = new Session();
    parties.admit(party.id, ASSET.id, session);
    party.close('ended');
    expect(session.free).toBe(true);
    expect(guest.told.ended).toEqual(['ended']);
    expect(has(party)).toBe(false);
  });

  test('comes with the Asset’s', async () => {
    const { party, guest } = await opened();
    parties.assetsChanged({ type: 'deleted', ids: ['BBCDEFGHIJKLMNO2'] });
    expect(has(party)).toBe(true);
    parties.assetsChanged({ type: 'deleted', ids: [ASSET.id] });
    expect(guest.told.ended).toEqual(['gone']);
    expect(has(party)).toBe(false);
  });

  test('for who may not watch any more, and for nobody else', async () => {
    const { party, host } = await opened();
    let may = true;
    const stranger = somebody(() => may);
    await stranger.member.join({ partyId: party.id });
    may = false;
    stranger.lose();
    expect(stranger.told.ended).toEqual(['gone']);
    expect(party.info().watchers).toBe(2);
    expect(host.told.ended).toEqual([]);
    await expect(stranger.member.join({ partyId: party.id })).rejects.toEqual(code('notFound'));
  });
});

describe('there is no room', () => {
  test('for more parties of one, while others have theirs', async () => {
    for (let n = 0; n < 20; n += 1) parties.create(WANTED);
    await expect(tried(() => parties.create(WANTED))).rejects.toEqual(code('tooMany'));
    expect(parties.create({ ...WANTED, ownerId: 'bob' }).party.ownerId).toBe('bob');
  });

  test('for more parties than the server bears', () => {
    for (let n = 0; n < 1_000; n += 1) parties.create({ ...WANTED, ownerId: String(n) });
    expect(() => parties.create({ ...WANTED, ownerId: 'late' })).toThrow(code('overloaded'));
  });

  test('for more people at one', async () => {
    const { party } = await opened();
    for (let n = 2; n < 500; n += 1) await somebody().member.join({ partyId: party.id });
    const late = somebody().member.join({ partyId: party.id });
    await expect(late).rejects.toEqual(code('overloaded'));
  });

  test.each([
    ['an image', { ...ASSET, kind: 'image' as const }],
    ['what is not ready', { ...ASSET, watchable: false }],
    ['what has no length', { ...ASSET, duration: undefined }],
  ])('for %s', (_name, asset) => {
    expect(() => parties.create({ ...WANTED, asset })).toThrow(code('conflict'));
  });
});
