import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { libraryIdSchema, SfumatoError } from '../../../signaling/contract/index.ts';
import type { Verdict } from '../../rights/may-watch.ts';
import { refusalError } from '../../rights/refusal-errors.ts';
import type { OwnService, Visitor } from '../visitor.ts';
import { type KeptAnswer, type TimedAnswer, WebhookAnswers } from './webhook-answers.ts';

/** What the operator's own service is asked. Facts that are not known are null there. */
export interface WebhookQuestion {
  action: 'watch' | 'publish';
  kind: 'channel' | 'asset';
  /** Of the Channel or the Asset. */
  id: string;
  /** Of whoever asks. */
  address: string | undefined;
  /** The origin of the page around the player. */
  site: string | undefined;
  /** `sub` of the playback token that was shown. */
  subject: string | undefined;
  /** The name of the account. */
  account: string | undefined;
}

export const WEBHOOK_OUTCOMES = ['allowed', 'refused', 'failed'] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

export interface WebhookOptions {
  /** None: nobody is asked, and nobody refused. */
  url: string | undefined;
  /** What the questions are signed with. */
  secret: string | undefined;
  /** What a service that does not answer means. */
  onError: 'refuse' | 'allow';
  log: Logger;
  /** It was asked: what came of it. */
  onAsked?: (outcome: WebhookOutcome) => void;
  timeoutMs?: number;
}

const TIMEOUT_MS = 3_000;
/** An answer that does not say how long it holds. */
const CACHE_SECONDS = 10;
const MAX_CACHE_SECONDS = 3_600;
/** Bytes. */
const MAX_ANSWER = 16 * 1024;

const answerSchema = z.object({
  allow: z.boolean(),
  /** Told to the person. */
  reason: z.string().max(500).optional(),
  /** How long it holds: then it is asked again, for what is running as well. 0: asked each time. */
  cacheSeconds: z.number().int().min(0).optional(),
});
type Answer = z.infer<typeof answerSchema>;

/** They say no without a body. */
const REFUSING = new Set([401, 403]);

/**
 * The operator's own service, which decides beside the rules: asked by a signed POST after they have allowed
 * something. The address is the operator's setting, whatever it leads to; redirects are not followed.
 */
export class AccessWebhook implements OwnService {
  readonly #options: WebhookOptions;
  readonly #answers = new WebhookAnswers<Answer>();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /**
   * Where nobody can say it, nobody gets in; whoever is in already has not lost a right by that.
   *
   * @throws SfumatoError `unavailable` where it does not answer, and that is not to mean yes
   */
  async mayWatch(
    thingId: string,
    { principal, pass, site, address }: Visitor,
  ): Promise<Verdict & { message?: string }> {
    const answer = await this.#answer({
      ...{ action: 'watch', id: thingId, kind: kindOf(thingId), address, site },
      subject: pass === 'wrong' ? undefined : pass?.subject,
      account: principal?.kind === 'account' ? principal.name : undefined,
    });
    if (answer.value === undefined) throw noAnswer();
    const { allow, reason, cacheSeconds } = answer.value;
    if (!allow) return { may: false, refusal: 'refused', ...(reason && { message: reason }) };
    return { may: true, untilMs: cacheSeconds ? answer.untilMs : undefined };
  }

  /** @throws SfumatoError `forbidden` where it says no; `unavailable` as above */
  async demandPublishing(question: {
    id: string;
    address: string | undefined;
    account: string | undefined;
  }): Promise<void> {
    const nobody = { site: undefined, subject: undefined };
    const { value } = await this.#answer({
      ...{ action: 'publish', kind: 'channel', ...nobody, ...question },
    });
    if (value === undefined) throw noAnswer();
    if (value.allow) return;
    throw refusalError('refused', { message: value.reason ?? 'You may not go live here.' });
  }

  async #answer(question: WebhookQuestion): Promise<KeptAnswer<Answer>> {
    const { url } = this.#options;
    if (url === undefined) return { value: { allow: true }, untilMs: Infinity };
    return await this.#answers.of(JSON.stringify(question), () => this.#ask(url, question));
  }

  async #ask(url: string, question: WebhookQuestion): Promise<TimedAnswer<Answer>> {
    const { onError, log, onAsked } = this.#options;
    try {
      const answer = await this.#fetch(url, question);
      onAsked?.(answer.allow ? 'allowed' : 'refused');
      const seconds = Math.min(answer.cacheSeconds ?? CACHE_SECONDS, MAX_CACHE_SECONDS);
      return { value: answer, seconds };
    } catch (err) {
      onAsked?.('failed');
      log.warn({ err, action: question.action, id: question.id }, 'the access webhook has failed');
      return { value: onError === 'allow' ? { allow: true } : undefined, seconds: 0 };
    }
  }

  async #fetch(url: string, question: WebhookQuestion): Promise<Answer> {
    const { secret = '', timeoutMs = TIMEOUT_MS } = this.#options;
    const body = bodyOf(question);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Sfumato',
        'Sfumato-Timestamp': timestamp,
        'Sfumato-Signature': `v1=${signatureOf(secret, timestamp, body)}`,
      },
      body,
    });
    if (REFUSING.has(response.status)) {
      await response.body?.cancel();
      return { allow: false };
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    return answerSchema.parse(JSON.parse(await readText(response)));
  }
}

/** HMAC-SHA256 of the time, a dot and the body (RFC 2104), hexadecimal. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}

function kindOf(thingId: string): WebhookQuestion['kind'] {
  return libraryIdSchema.safeParse(thingId).success ? 'asset' : 'channel';
}

function bodyOf({ address, site, subject, account, ...rest }: WebhookQuestion): string {
  const known = { address, site, subject, account };
  const facts = Object.entries(known).map(([name, value]) => [name, value ?? null]);
  return JSON.stringify({ ...rest, ...Object.fromEntries(facts) });
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_ANSWER) throw new Error(`it answered more than ${MAX_ANSWER} bytes`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function noAnswer(): SfumatoError {
  const message = 'Nobody can say at the moment whether this is allowed. Try again later.';
  return new SfumatoError('unavailable', message, { retryAfterSeconds: 5 });
}
