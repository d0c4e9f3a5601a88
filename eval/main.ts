/** `npm run eval`: how often the server's retrieval finds the sections that answer a question (docs/eval.md). */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chatSettings } from '../server/chat/settings.ts';
import { calibratedSettings } from '../server/chat/retrieval/calibrated-settings.ts';
import type { Embedder } from '../server/collection/ports.ts';
import type { Calibration } from '../server/collection/stamp.ts';
import { chooseAnswerModel } from './answers/answer-models.ts';
import { answersTable } from './answers/measure-answers.ts';
import { calibrate } from './calibrate.ts';
import { chooseEmbedder, modelNames, type ModelName } from './choose-embedder.ts';
import { enrichDataSet } from './enrich-data-set.ts';
import { gateMisses, gates } from './gates.ts';
import { raiseFloor } from './raise-floor.ts';
import type { DataSet, Half } from './data-set/data-set.ts';
import { readDataSet } from './data-set/read-data-set.ts';
import type { MemoryStore } from './memory-store.ts';
import { fetchRealisticModel } from './realistic-model/open-realistic-model.ts';
import {
  addDenseCandidates,
  learnFor,
  lexicalCandidates,
  openCollection,
  type Candidates,
} from './retrieve-candidates.ts';
import { score, type RankingSettings } from './score.ts';
import { scoreTable, type ScoreRow } from './score-table.ts';
import { storeCalibration } from './store-calibration.ts';

type Ranking = {
  name: string;
  candidates: readonly Candidates[];
  settings: RankingSettings;
  gate: keyof typeof gates | null;
};

const ownQuestions = 'eval/weather-station.json';
/** Their kind. */
const farOff = 'unanswerable-far';
/** Of a set. */
type Share = Half | 'all';
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      calibrate: { type: 'boolean', default: false },
      fetch: { type: 'boolean', default: false },
      model: { type: 'string' },
      floor: { type: 'string' },
      answers: { type: 'boolean', default: false },
      recording: { type: 'string' },
      enrich: { type: 'boolean', default: false },
    },
  });
  const { signal } = new AbortController();
  // Google's client adds a listener for each call.
  setMaxListeners(0, signal);
  if (values.fetch) await fetchRealisticModel().catch(noteSkipped);
  const plainData = await readQuestions(values.data, signal);
  const data = values.enrich
    ? await enrichDataSet(plainData, { environment: process.env, print, signal })
    : plainData;
  const lexical = lexicalCandidates(data);
  const { embedder: plain, model, note } = await chooseEmbedder(process.env, modelNamed(values.model));
  if (note !== '') print(note);
  const embedder =
    plain !== null && values.floor !== undefined ? raiseFloor(plain, Number(values.floor)) : plain;
  const dense = embedder === null ? null : await searchDense({ data, lexical, embedder, signal });
  if (values.answers) return reportAnswers({ data, embedder, ...dense, recording: values.recording });
  const settings = calibratedSettings(chatSettings, dense?.calibration ?? null);
  if (dense !== null) print(`Learnt: ${JSON.stringify(dense.calibration)}`);
  const rankings = rankingsOf({ lexical, both: dense?.candidates ?? null, model, settings });
  if (values.calibrate) {
    const all = dense?.candidates ?? lexical;
    const calibrated = calibrate(all.filter(isOf('tuning')), settings);
    rankings.push({ name: 'calibrated', candidates: all, settings: calibrated, gate: null });
    const hasVectors = model === 'gemini';
    print(
      await storeCalibration({ data, settings: calibrated, hasVectors, environment: process.env, signal }),
    );
  }
  const halves: Share[] = values.data === undefined ? ['held-out'] : ['all'];
  report(data, rankings, values.calibrate ? ['tuning', 'held-out'] : halves);
  print('R@k: share of the relevant sections among the first k; docs/eval.md explains the other columns.');
  return values.data === undefined && values.floor === undefined && !values.enrich ? judge(rankings) : 0;
}

/** Our own questions, or another set. One that only has questions it answers is asked our far-off ones too. */
async function readQuestions(file: string | undefined, signal: AbortSignal): Promise<DataSet> {
  const own = await readDataSet({ file: ownQuestions, signal });
  if (file === undefined) return own;
  const data = await readDataSet({ file, signal });
  if (data.questions.some(({ relevant }) => relevant.length === 0)) return data;
  const far = own.questions.filter(({ kind }) => kind === farOff);
  print(
    `${data.name} answers all of its questions: ${far.length} of our own about other subjects are added.`,
  );
  return { ...data, questions: [...data.questions, ...far] };
}

function modelNamed(name: string | undefined): ModelName | undefined {
  const model = modelNames.find((model) => model === name);
  if (name !== undefined && model === undefined)
    throw new Error(`--model takes one of: ${modelNames.join(', ')}.`);
  return model;
}

function noteSkipped(error: unknown): void {
  const reason = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
  print(`The realistic model is skipped, it could not be fetched: ${reason}`);
}

/** Asks the dense retriever every question, and learns what the indexer would learn about its scores. */
async function searchDense({
  data,
  lexical,
  embedder,
  signal,
}: {
  data: DataSet;
  lexical: readonly Candidates[];
  embedder: Embedder;
  signal: AbortSignal;
}): Promise<{ candidates: Candidates[]; calibration: Calibration | null; store: MemoryStore }> {
  const request = { data, embedder, sleep, note: print, signal };
  const store = await openCollection(request);
  return {
    candidates: await addDenseCandidates({ ...request, candidates: lexical, store }),
    calibration: await learnFor({ ...request, store }),
    store,
  };
}

/** Asks the whole server instead of its retrieval. */
async function reportAnswers({
  recording,
  embedder,
  store,
  calibration = null,
  data,
}: {
  data: DataSet;
  embedder: Embedder | null;
  store?: MemoryStore;
  calibration?: Calibration | null;
  recording: string | undefined;
}): Promise<number> {
  if (embedder === null || store === undefined) throw new Error('--answers needs a model for the vectors.');
  const { answerModel, note, finish } = await chooseAnswerModel(process.env, recording);
  print(note);
  const table = await answersTable({ data, embedder, store, calibration, answerModel });
  await finish();
  print(`${data.name}: ${data.questions.length} questions to the server\n\n${table}\n`);
  print('docs/eval.md explains the columns.');
  return 0;
}

/** Both retrievers, and each as the server uses it when the other does not answer. */
function rankingsOf({
  lexical,
  both,
  model,
  settings,
}: {
  lexical: Candidates[];
  both: Candidates[] | null;
  model: ModelName;
  settings: RankingSettings;
}): Ranking[] {
  const rankings: Ranking[] = [{ name: 'words alone', candidates: lexical, settings, gate: 'lexical' }];
  if (both === null) return rankings;
  const vectors = both.map((entry) => ({ ...entry, lexical: null }));
  return [
    ...rankings,
    { name: `vectors alone (${model})`, candidates: vectors, settings, gate: null },
    {
      name: 'both, as the server fuses them',
      candidates: both,
      settings,
      gate: model === 'gemini' || model === 'none' ? null : model,
    },
  ];
}

function isOf(share: Share): (candidates: Candidates) => boolean {
  return ({ question }) => share === 'all' || question.half === share;
}

function report(data: DataSet, rankings: readonly Ranking[], shares: readonly Share[]): void {
  print(`${data.name}: ${data.sections.length} sections, ${data.questions.length} questions`);
  for (const share of shares) {
    const rows = rankings.map(({ name, candidates, settings }): ScoreRow => ({
      name,
      score: score(candidates.filter(isOf(share)), settings),
    }));
    const name = share === 'all' ? 'All questions' : `The ${share} half`;
    print(`\n${name} (${rows[0]?.score.questions ?? 0} questions)\n\n${scoreTable(rows)}`);
  }
  const last = rankings.find(({ name }) => name.startsWith('both')) ?? rankings.at(0);
  if (last === undefined) return;
  const share = shares.at(-1) ?? 'all';
  const answerable = last.candidates.filter(
    (entry) => entry.question.relevant.length > 0 && isOf(share)(entry),
  );
  const kinds = [...new Set(answerable.map(({ question }) => question.kind))];
  if (kinds.length < 2) return;
  const rows = kinds.map((kind): ScoreRow => ({
    name: kind,
    score: score(
      answerable.filter(({ question }) => question.kind === kind),
      last.settings,
    ),
  }));
  print(`\nBy kind, for "${last.name}"\n\n${scoreTable(rows)}\n`);
}

function judge(rankings: readonly Ranking[]): number {
  const misses = rankings.flatMap(({ name, candidates, settings, gate }) =>
    gate === null
      ? []
      : gateMisses({ score: score(candidates.filter(isOf('held-out')), settings), gate: gates[gate], name }),
  );
  for (const miss of misses) print(miss);
  if (misses.length === 0) print('The held-out half passes its gate (eval/gates.ts).');
  return misses.length === 0 ? 0 : 1;
}

/** 1: a gate is missed; 2: a file or a key is invalid. */
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
