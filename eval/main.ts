/** `npm run eval`: how often the server's retrieval finds the sections that answer a question (docs/eval.md). */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chatSettings } from '../server/chat/settings.ts';
import { calibrate } from './calibrate.ts';
import { chooseEmbedder, smallModelName } from './choose-embedder.ts';
import { gateMisses, gates } from './gates.ts';
import { readDataSet, type DataSet, type Half } from './read-data-set.ts';
import { addDenseCandidates, lexicalCandidates, type Candidates } from './retrieve-candidates.ts';
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
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, calibrate: { type: 'boolean', default: false } },
  });
  const { signal } = new AbortController();
  const data = await readDataSet({ file: values.data ?? ownQuestions, signal });
  const lexical = lexicalCandidates(data);
  const { embedder, name, isServerModel, note } = await chooseEmbedder(process.env);
  if (note !== '') print(note);
  const both =
    embedder === null
      ? null
      : await addDenseCandidates({ data, candidates: lexical, embedder, sleep, note: print, signal });
  const rankings = rankingsOf({ lexical, both, name });
  const isTuning = isOf('tuning');
  if (values.calibrate) {
    const alone = calibrate(lexical.filter(isTuning));
    rankings.push({ name: 'BM25, calibrated', candidates: lexical, settings: alone, gate: null });
    if (both !== null)
      rankings.push({
        name: 'both, calibrated',
        candidates: both,
        settings: calibrate(both.filter(isTuning)),
        gate: null,
      });
  }
  report(data, rankings, values.calibrate ? ['tuning', 'held-out'] : ['held-out']);
  // Another model's weights and cosines mean nothing to the server.
  const calibratedName = isServerModel ? 'both, calibrated' : 'BM25, calibrated';
  const calibrated = rankings.find((ranking) => ranking.name === calibratedName);
  if (calibrated !== undefined)
    print(
      await storeCalibration({
        data,
        ...calibrated,
        hasVectors: isServerModel,
        environment: process.env,
        signal,
      }),
    );
  print('R@k: share of the relevant sections among the first k; docs/eval.md explains the other columns.');
  return values.data === undefined ? judge(rankings) : 0;
}

function rankingsOf({
  lexical,
  both,
  name,
}: {
  lexical: Candidates[];
  both: Candidates[] | null;
  name: string;
}): Ranking[] {
  const { weights, relevance: refusal } = chatSettings;
  const rankings: Ranking[] = [
    {
      name: 'BM25',
      candidates: lexical,
      settings: { weights: { dense: 0, lexical: 1 }, refusal },
      gate: 'lexical',
    },
  ];
  if (both !== null)
    rankings.push(
      { name, candidates: both, settings: { weights: { dense: 1, lexical: 0 }, refusal }, gate: null },
      {
        name: 'both, as the server fuses them',
        candidates: both,
        settings: { weights, refusal },
        gate: name === smallModelName ? 'hybrid' : null,
      },
    );
  return rankings;
}

function isOf(half: Half): (candidates: Candidates) => boolean {
  return ({ question }) => question.half === half;
}

function report(data: DataSet, rankings: readonly Ranking[], halves: readonly Half[]): void {
  print(`${data.name}: ${data.sections.length} sections, ${data.questions.length} questions`);
  for (const half of halves) {
    const rows = rankings.map(({ name, candidates, settings }): ScoreRow => ({
      name,
      score: score(candidates.filter(isOf(half)), settings),
    }));
    print(`\nThe ${half} half (${rows[0]?.score.questions ?? 0} questions)\n\n${scoreTable(rows)}`);
  }
  const last = rankings.find(({ gate }) => gate === 'hybrid') ?? rankings.at(0);
  if (last === undefined) return;
  const kinds = [
    ...new Set(data.questions.filter(({ relevant }) => relevant.length > 0).map(({ kind }) => kind)),
  ];
  const rows = kinds.map((kind): ScoreRow => ({
    name: kind,
    score: score(
      last.candidates.filter((entry) => entry.question.kind === kind && isOf('held-out')(entry)),
      last.settings,
    ),
  }));
  print(`\nHeld out, by kind, for "${last.name}"\n\n${scoreTable(rows)}\n`);
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
