import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EMBED_PARAMETERS } from '../signaling/contract/index.ts';
import { settingsSchema } from '../server/config.ts';
import { Metrics } from '../server/telemetry/metrics.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The rows of a Markdown table whose first cell is code: `[name, last cell]`. */
function rows(text: string): [string, string][] {
  return [...text.matchAll(/^\| `([^`]+)` \|(?:.*\|)? ([^|]+) \|$/gm)].map(
    ([, name = '', what = '']) => [name, what],
  );
}

describe('what the documents list is what the code has', () => {
  test('docs/settings.md: every setting, in the words of its schema', () => {
    const documented = rows(read('docs/settings.md').split('## Set-up only')[0] ?? '');
    const real = Object.entries(settingsSchema.shape).map(([name, schema]) => [
      name,
      schema.description,
    ]);
    expect(documented).toEqual(real);
  });

  test('docs/embed.md: every parameter, in the words of its schema', () => {
    const documented = rows(read('docs/embed.md').split('## Without a frame')[0] ?? '');
    const real = Object.entries(EMBED_PARAMETERS).map(([name, schema]) => [
      name,
      schema.description,
    ]);
    expect(documented).toEqual([
      ...real,
      ['origin', 'Obey only pages of this origin.'],
      ['token', 'What proves the right to watch, see below.'],
    ]);
  });

  test('.env.example: every setting, in the same order', () => {
    const named = [...read('.env.example').matchAll(/^# ([A-Z\d_]+)=/gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(settingsSchema.shape));
  });

  test('docs/metrics.md: every metric, in the words of its help', async () => {
    const metrics = new Metrics();
    metrics.observe({
      channels: () => [],
      viewersByLayer: () => [],
      connections: () => 0,
      transports: () => 0,
      workers: () => 0,
      workerDeaths: () => 0,
      ladders: () => 0,
      playlistsOnAir: () => 0,
      sessions: () => 0,
      parties: () => 0,
      workerCpuTimesMs: async () => [],
      pumpThreads: async () => [],
    });
    metrics.observeLibrary({
      uploads: () => 0,
      jobs: { count: async () => [], on: () => undefined },
    });
    const all = await metrics.registry.getMetricsAsJSON();
    const real = all.flatMap(({ name, help }) =>
      name.startsWith('sfumato_') ? [[name, help]] : [],
    );
    expect(rows(read('docs/metrics.md')).toSorted()).toEqual(real.toSorted());
  });
});
