import { beforeAll, expect, it } from 'vitest';
import { chooseAnswerModel } from '../../../eval/answers/answer-models.ts';
import { measureAnswers } from '../../../eval/answers/measure-answers.ts';
import type { ServingCondition } from '../../../eval/answers/serve-data-set.ts';
import { falseRefusalLimit } from '../../../eval/calibrate.ts';
import type { DataSet } from '../../../eval/data-set/data-set.ts';
import { readDataSet } from '../../../eval/data-set/read-data-set.ts';
import { openSandboxModel } from '../../../eval/open-sandbox-model.ts';
import { learnFor, openCollection } from '../../../eval/retrieve-candidates.ts';

const { signal } = new AbortController();
let ask: (condition: ServingCondition) => ReturnType<typeof measureAnswers>;
let answerable: DataSet['questions'];

beforeAll(async () => {
  const data = await readDataSet({ file: 'eval/weather-station.json', signal });
  answerable = data.questions.filter(({ relevant }) => relevant.length > 0);
  const embedder = await openSandboxModel();
  const request = { data, embedder, sleep: async () => undefined, note: () => undefined, signal };
  const store = await openCollection(request);
  const calibration = await learnFor({ ...request, store });
  const { answerModel } = await chooseAnswerModel({}, undefined);
  ask = (condition) =>
    measureAnswers({
      data: { ...data, questions: answerable },
      embedder,
      store,
      calibration,
      answerModel,
      condition,
    });
});

// About a second each: the share of false refusals needs every question.
it.each<[ServingCondition, strategy: string]>([
  ['vectors away', 'lexical'],
  ['words away', 'dense'],
  ['large book, vectors away', 'lexical'],
  ['large book, words away', 'dense'],
])('a running server hardly refuses what the book answers with %s', async (condition, strategy) => {
  const judged = await ask(condition);
  expect(judged).toHaveLength(answerable.length);
  const refused = judged.filter(({ verdict }) => verdict.isRefusedByGate);
  expect(refused.length / judged.length).toBeLessThanOrEqual(falseRefusalLimit);
  // An error is no answer either.
  expect(judged.filter(({ verdict }) => verdict.hasFailed)).toEqual([]);
  for (const { strategies } of judged) expect(strategies).toContain(strategy);
});
