/**
 * For test files that hold what people have to wait to a limit, on machines that have other work as well: imported, a test
 * that fails is run once more, and what was seen the first time is printed. A second failure fails.
 */
import { jest } from '@jest/globals';

jest.retryTimes(1, { logErrorsBeforeRetry: true });
