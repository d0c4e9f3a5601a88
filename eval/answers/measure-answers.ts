import type { AnswerModel } from '../../server/chat/ports.ts';
import type { Embedder } from '../../server/collection/ports.ts';
import type { Calibration } from '../../server/collection/stamp.ts';
import type { DataSet, EvalQuestion } from '../data-set/data-set.ts';
import type { MemoryStore } from '../memory-store.ts';
import { formatFraction, textTable } from '../text-table.ts';
import { askQuestion } from './ask-question.ts';
import { judgeAnswer, type AnswerJudgement } from './judge-answer.ts';
import { conditions, serveDataSet, type ServingCondition } from './serve-data-set.ts';

export type JudgedAnswer = {
  question: EvalQuestion;
  verdict: AnswerJudgement;
  strategies: readonly string[];
};

type AnswersRequest = {
  data: DataSet;
  embedder: Embedder;
  store: Pick<MemoryStore, 'searchDense'>;
  calibration: Calibration | null;
  answerModel: AnswerModel;
};

/** Questions under way at once; a real model's quota allows no more. */
const atOnce = 4;

/** Asks the server all questions of a set, and judges its answers. */
export async function measureAnswers(
  request: AnswersRequest & { condition: ServingCondition },
): Promise<JudgedAnswer[]> {
  const data = withAddresses(request.data);
  const names = new Map<string, string[]>();
  for (const { id, url } of data.sections) names.set(url, [...(names.get(url) ?? [url]), id]);
  const server = await serveDataSet({ ...request, data });
  try {
    const judged: JudgedAnswer[] = [];
    const waiting = [...data.questions];
    const work = async (): Promise<void> => {
      for (let question = waiting.shift(); question !== undefined; question = waiting.shift()) {
        const answer = await askQuestion(server.url, question);
        const verdict = judgeAnswer(question, answer, (url) => names.get(url) ?? []);
        judged.push({ question, verdict, strategies: answer.strategies });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return judged;
  } finally {
    await server.close();
  }
}

/** The wire names sections by their address alone. */
function withAddresses(data: DataSet): DataSet {
  const sections = data.sections.map((section) =>
    section.url === '' ? { ...section, url: `/${encodeURIComponent(section.id)}` } : section,
  );
  return { ...data, sections };
}

/** The table of `--answers`: one line for each condition. */
export async function answersTable(request: AnswersRequest): Promise<string> {
  const lines = [head];
  for (const condition of Object.keys(conditions) as ServingCondition[])
    lines.push([condition, ...figuresOf(await measureAnswers({ ...request, condition }))]);
  return textTable(lines);
}

const head = [
  '',
  'correct',
  'cited P',
  'cited R',
  'unsupported',
  'false refusals',
  'by gate',
  'near refused',
  'by gate',
  'far refused',
  'by gate',
  'no model',
  'failed',
];

function figuresOf(judged: readonly JudgedAnswer[]): string[] {
  const all = (kind: RegExp): JudgedAnswer[] => judged.filter(({ question }) => kind.test(question.kind));
  const answerable = judged.filter(({ question }) => question.relevant.length > 0);
  const [near, far] = [all(/^unanswerable-near/), all(/^unanswerable-(?!near)/)];
  const mean = (
    some: readonly JudgedAnswer[],
    valueOf: (verdict: AnswerJudgement) => number | boolean | null,
  ) => {
    const values = some.map(({ verdict }) => valueOf(verdict)).filter((value) => value !== null);
    return formatFraction(values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length);
  };
  const refusals = (some: readonly JudgedAnswer[]): string[] => [
    mean(some, ({ isRefused }) => isRefused),
    mean(some, ({ isRefusedByGate }) => isRefusedByGate),
  ];
  return [
    mean(answerable, ({ isCorrect }) => isCorrect),
    mean(answerable, ({ citationPrecision }) => citationPrecision),
    mean(answerable, ({ citationRecall }) => citationRecall),
    mean(answerable, ({ unsupported }) => unsupported),
    ...refusals(answerable),
    ...refusals(near),
    ...refusals(far),
    String(judged.filter(({ strategies }) => strategies.includes('extractive')).length),
    String(judged.filter(({ verdict }) => verdict.hasFailed).length),
  ];
}
