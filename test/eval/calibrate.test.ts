import { expect, it } from 'vitest';
import { calibrate, falseRefusalLimit } from '../../eval/calibrate.ts';
import { readDataSet } from '../../eval/data-set/read-data-set.ts';
import { lexicalCandidates, type Candidates } from '../../eval/retrieve-candidates.ts';
import { score } from '../../eval/score.ts';
import { chatSettings } from '../../server/chat/settings.ts';

const { signal } = new AbortController();
const fusion = { denseWeight: 0.5, cosineDeviation: 0.05 };

async function candidatesWith(cosineOf: (isAnswerable: boolean) => number): Promise<Candidates[]> {
  const data = await readDataSet({ file: 'eval/weather-station.json', signal });
  const hits = (best: number) =>
    data.sections.slice(0, 20).map((section, index) => ({ section, score: best - index / 100 }));
  return lexicalCandidates(data).map((entry) => ({
    ...entry,
    dense: hits(cosineOf(entry.question.relevant.length > 0)),
  }));
}

it('keeps false refusals under the limit and gives a useless retriever no weight', async () => {
  const candidates = await candidatesWith(() => 0.9);
  const settings = calibrate(candidates, { ...chatSettings, fusion });
  expect(settings.fusion.denseWeight).toBeLessThan(0.2);
  expect(score(candidates, settings).falseRefusals).toBeLessThanOrEqual(falseRefusalLimit);
});

it('keeps the limit also when either retriever is missing', async () => {
  // Cosines that separate perfectly: together with them no coverage is needed, alone it is.
  const candidates = await candidatesWith((isAnswerable) => (isAnswerable ? 0.8 : 0.3));
  const settings = calibrate(candidates, { ...chatSettings, fusion });
  const words = candidates.map((entry) => ({ ...entry, dense: null }));
  const vectors = candidates.map((entry) => ({ ...entry, lexical: null }));
  for (const some of [candidates, words, vectors])
    expect(score(some, settings).falseRefusals).toBeLessThanOrEqual(falseRefusalLimit);
  expect(score(candidates, settings).refused['unanswerable-far']).toBe(1);
  expect(score(vectors, settings).refused['unanswerable-far']).toBe(1);
});
