import { expect, test } from '@jest/globals';
import { Metrics } from './metrics.ts';

test('a job that was lost is not counted on when somebody else ends it', async () => {
  const metrics = new Metrics();
  let tell: (event: { type: string; jobId: string; kind: string }) => void = () => undefined;
  metrics.observeLibrary({
    uploads: () => 0,
    jobs: { count: async () => [], on: (listener) => (tell = listener) },
  });
  const seconds = () => metrics.registry.getSingleMetricAsString('sfumato_preparation_seconds');
  for (const type of ['started', 'lost', 'done']) tell({ type, jobId: 'a', kind: 'prepare' });
  expect(await seconds()).toContain('sfumato_preparation_seconds_count 0');
  for (const type of ['started', 'done']) tell({ type, jobId: 'b', kind: 'prepare' });
  expect(await seconds()).toContain('sfumato_preparation_seconds_count 1');
});
