import type { Logger } from 'pino';

/** Longer than any orderly end takes; what is not done by then is cut off. */
const STOP_TIMEOUT_MS = 4_500;

interface Stoppable {
  close(): Promise<void>;
}

/**
 * Ends the process in order on SIGTERM, SIGINT and SIGHUP, when the process that started it is gone (its
 * IPC channel closes), and after an error that nobody caught, since what is true after that is unknown.
 */
export function stopOnSignals(app: Stoppable, log: Logger): void {
  let stopping = false;
  const stop = (why: string, exitCode: number) => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long and was cut off');
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
    app.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => stop(signal, 0));
  process.on('disconnect', () => stop('the starting process is gone', 0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nobody caught');
    stop('uncaught error', 1);
  });
}
