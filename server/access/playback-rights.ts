import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { PasswordGrants, type PasswordGrantsOptions } from './passes/password-grants.ts';
import { Passes, type TrustedIssuer } from './passes/passes.ts';
import { AccessWebhook, type WebhookOptions } from './webhook/webhook.ts';

export interface PlaybackRightsOptions {
  db: Database;
  publicUrl: string | undefined;
  issuers: readonly TrustedIssuer[];
  webhook: Pick<WebhookOptions, 'url' | 'secret' | 'onError'>;
  passwordOf: PasswordGrantsOptions['passwordOf'];
  metrics: Pick<Metrics, 'refusedTokens' | 'wrongPasswords' | 'webhookAnswers'>;
  log: Logger;
}

/** What lets somebody watch who has no account here: tokens, passwords, and the word of the operator's own service. */
export class PlaybackRights {
  readonly passes: Passes;
  readonly passwordGrants: PasswordGrants;
  readonly webhook: AccessWebhook;

  constructor(options: PlaybackRightsOptions) {
    const { db, publicUrl, issuers, passwordOf, metrics, log } = options;
    const onRefused = (fault: string) => metrics.refusedTokens.inc({ fault });
    this.passes = new Passes({ db, publicUrl, issuers, onRefused, log });
    const onWrong = () => metrics.wrongPasswords.inc();
    this.passwordGrants = new PasswordGrants({ passes: this.passes, passwordOf, onWrong });
    const onAsked = (outcome: string) => metrics.webhookAnswers.inc({ outcome });
    this.webhook = new AccessWebhook({ ...options.webhook, onAsked, log });
  }

  /** Idempotent. */
  close(): void {
    this.passes.close();
  }
}
