import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { AccessService } from '../../../test/support/access-service.ts';
import type { Visitor } from '../visitor.ts';
import { AccessWebhook, type WebhookOptions, type WebhookOutcome } from './webhook.ts';

const log = pino({ level: 'silent' });

const EVE: Visitor = {
  principal: undefined,
  pass: undefined,
  site: 'https://a.example',
  address: '192.0.2.1',
  agent: 'a browser',
};
const PASS = {
  ...{ id: 'x', subject: 'eve', thingId: 'studio', sites: undefined, notBeforeMs: 0 },
  ...{ expiresAtMs: 1, passwordVersion: undefined, isRevoked: false },
};
const REFUSED = { may: false, refusal: 'refused' };
const NOBODY_KNOWS = { code: 'unavailable', retryAfterSeconds: 5 };

describe('the operator’s own service', () => {
  let service: AccessService;
  let webhook: AccessWebhook;
  let outcomes: WebhookOutcome[] = [];

  beforeEach(async () => {
    service = await AccessService.start();
    outcomes = [];
    webhook = create({});
  });
  afterEach(() => service.close());

  function create(more: Partial<WebhookOptions>): AccessWebhook {
    const onAsked = (outcome: WebhookOutcome) => void outcomes.push(outcome);
    const { url, secret } = service;
    return new AccessWebhook({ url, secret, onError: 'refuse', log, onAsked, ...more });
  }

  const publish = (who = 'ada') =>
    webhook.demandPublishing({ id: 'studio', address: '192.0.2.1', account: who });

  test('is not there: nobody is asked, and nobody refused', async () => {
    const none = create({ url: undefined, secret: undefined });
    expect(await none.mayWatch('studio', EVE)).toEqual({ may: true, untilMs: undefined });
    const question = { id: 'studio', address: undefined, account: undefined };
    await expect(none.demandPublishing(question)).resolves.toBeUndefined();
    expect(service.asked).toEqual([]);
  });

  test('is told who wants what, signed', async () => {
    const principal = { kind: 'account', id: '1', name: 'ada', scopes: [] } as const;
    await webhook.mayWatch('studio', { ...EVE, pass: PASS });
    await webhook.mayWatch('AAAAAAAAAAAAAAAA', {
      ...{ principal: { ...principal, scopes: [] }, pass: 'wrong', site: undefined },
      ...{ address: undefined, agent: undefined },
    });
    await publish();
    const nobody = { address: null, site: null, subject: null, account: null };
    expect(service.asked).toEqual([
      {
        ...{ action: 'watch', kind: 'channel', id: 'studio', address: '192.0.2.1' },
        ...{ site: 'https://a.example', subject: 'eve', account: null },
      },
      { ...nobody, action: 'watch', kind: 'asset', id: 'AAAAAAAAAAAAAAAA', account: 'ada' },
      {
        ...{ ...nobody, action: 'publish', kind: 'channel', id: 'studio' },
        ...{ address: '192.0.2.1', account: 'ada' },
      },
    ]);
    expect(service.signed).toEqual([true, true, true]);
    expect(outcomes).toEqual(['allowed', 'allowed', 'allowed']);
  });

  test('says no, and why', async () => {
    service.says({ allow: false, reason: 'Only on Sundays.' });
    expect(await webhook.mayWatch('studio', EVE)).toEqual({
      ...REFUSED,
      message: 'Only on Sundays.',
    });
    const refusal = { code: 'forbidden', refusal: 'refused', message: 'Only on Sundays.' };
    await expect(publish()).rejects.toMatchObject(refusal);
    expect(outcomes).toEqual(['refused', 'refused']);
  });

  test.each([401, 403])('says no without a word (%i)', async (status) => {
    service.says({ what: 'ever' }, status);
    expect(await create({ onError: 'allow' }).mayWatch('studio', EVE)).toEqual(REFUSED);
    await expect(publish()).rejects.toMatchObject({ code: 'forbidden', refusal: 'refused' });
  });

  test('is asked once by many at the same time, and by those soon after', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => webhook.mayWatch('studio', EVE)),
    );
    expect(answers.every(({ may }) => may)).toBe(true);
    await webhook.mayWatch('studio', EVE);
    expect(service.asked).toHaveLength(1);
    await webhook.mayWatch('studio', { ...EVE, address: '192.0.2.2' });
    await webhook.mayWatch('studio', { ...EVE, pass: PASS });
    await webhook.mayWatch('radio', EVE);
    expect(service.asked).toHaveLength(4);
  });

  test('says how long its answer holds: then what runs is asked for again', async () => {
    service.says({ allow: true, cacheSeconds: 60 });
    const before = Date.now();
    const verdict = await webhook.mayWatch('studio', EVE);
    expect(verdict).toEqual({ may: true, untilMs: expect.any(Number) });
    const untilMs = verdict.may ? (verdict.untilMs ?? 0) : 0;
    expect(untilMs - before).toBeGreaterThanOrEqual(60_000);
    expect(untilMs - Date.now()).toBeLessThanOrEqual(60_000);
    service.says({ allow: true, cacheSeconds: 1e9 });
    const long = await webhook.mayWatch('radio', EVE);
    expect(long.may && (long.untilMs ?? 0) - Date.now()).toBeLessThanOrEqual(3_600_000);
  });

  test('may be asked each time', async () => {
    service.says({ allow: true, cacheSeconds: 0 });
    for (let count = 0; count < 3; count += 1) {
      expect(await webhook.mayWatch('studio', EVE)).toEqual({ may: true, untilMs: undefined });
    }
    expect(service.asked).toHaveLength(3);
  });

  describe.each([
    ['answers with an error', () => service.says({ allow: true }, 500)],
    ['answers with something else', () => service.says({ yes: true })],
    ['answers with a text', () => service.says('yes')],
    [
      'answers with no JSON',
      () => {
        service.answer = (response) => response.end('allow');
      },
    ],
    [
      'answers with nothing',
      () => {
        service.answer = (response) => response.end();
      },
    ],
    ['says yes in a word', () => service.says({ allow: 'true' })],
    [
      'never stops answering',
      () => {
        service.answer = (response) => response.end(`{"allow": true, "x": "${'x'.repeat(1e6)}"}`);
      },
    ],
    [
      'hangs up',
      () => {
        service.answer = (response) => response.destroy();
      },
    ],
    [
      'does not answer',
      () => {
        service.answer = () => undefined;
      },
    ],
    [
      'sends elsewhere',
      () => {
        service.answer = (response) =>
          response.writeHead(307, { location: `${service.url}/x` }).end();
      },
    ],
  ])('that %s', (_what, arrange) => {
    test('means no, unless the setting says otherwise, and is asked again the next time', async () => {
      arrange();
      const [strict, lax] = [
        create({ timeoutMs: 500 }),
        create({ timeoutMs: 500, onError: 'allow' }),
      ];
      await expect(strict.mayWatch('studio', EVE)).rejects.toMatchObject(NOBODY_KNOWS);
      expect(await lax.mayWatch('studio', EVE)).toEqual({ may: true, untilMs: undefined });
      expect(outcomes).toEqual(['failed', 'failed']);
      const asked = service.asked.length;
      service.says({ allow: true });
      expect(await strict.mayWatch('studio', EVE)).toMatchObject({ may: true });
      expect(service.asked).toHaveLength(asked + 1);
      // A redirect leads nowhere.
      expect(asked).toBe(2);
    });
  });

  test('that is not there at all means no', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    await new Promise((resolve) => server.close(resolve));
    const gone = create({ url: `http://127.0.0.1:${port}/` });
    await expect(gone.mayWatch('studio', EVE)).rejects.toMatchObject(NOBODY_KNOWS);
    const question = { id: 'studio', address: undefined, account: undefined };
    await expect(gone.demandPublishing(question)).rejects.toMatchObject(NOBODY_KNOWS);
  });
});
