import { expect, it } from 'vitest';
import { calibrate, falseRefusalLimit } from '../../eval/calibrate.ts';
import { readDataSet } from '../../eval/read-data-set.ts';
import { lexicalCandidates } from '../../eval/retrieve-candidates.ts';
import { score } from '../../eval/score.ts';

it('keeps false refusals under the limit and gives a useless retriever no weight', async () => {
  const { signal } = new AbortController();
  const data = await readDataSet({ file: 'eval/weather-station.json', signal });
  const dense = data.sections.slice(0, 20).map((section, index) => ({ section, score: 0.9 - index / 100 }));
  const candidates = lexicalCandidates(data).map((entry) => ({ ...entry, dense }));
  const settings = calibrate(candidates);
  expect(settings.weights.dense).toBeLessThan(0.2);
  expect(score(candidates, settings).falseRefusals).toBeLessThanOrEqual(falseRefusalLimit);
});
