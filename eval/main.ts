/** `npm run eval`: how well the server's retrieval finds what answers a question (docs/eval.md). */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chatSettings } from '../server/chat/settings.ts';
import { calibrate } from './calibrate.ts';
import { readDataSet, type DataSet, type Half } from './read-data-set.ts';
import { chooseEmbedder, smallModelName } from './choose-embedder.ts';
import { gates } from './gates.ts';
import { gateMisses } from './gate.ts';
import { addDenseCandidates, lexicalCandidates, type Candidates } from './retrieve-candidates.ts';
import { score, type RankingSettings } from './score.ts';
import { scoreTable, type ScoreRow } from './score-table.ts';
import { storeCalibration } from './store-calibration.ts';

type Ranking = {
  name: string;
  findings: readonly Candidates[];
  tuned: RankingSettings;
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
  const { embedder, name, isServers, note } = await chooseEmbedder(process.env);
  if (note !== '') print(note);
  const both =
    embedder === null
      ? null
      : await addDenseCandidates({ data, findings: lexical, embedder, sleep, note: print, signal });
  const rankings = rankingsOf({ lexical, both, name });
  const isTuning = isOf('tuning');
  if (values.calibrate) {
    const alone = calibrate(lexical.filter(isTuning));
    rankings.push({ name: 'BM25, calibrated', findings: lexical, tuned: alone, gate: null });
    if (both !== null)
      rankings.push({
        name: 'both, calibrated',
        findings: both,
        tuned: calibrate(both.filter(isTuning)),
        gate: null,
      });
  }
  report(data, rankings, values.calibrate ? ['tuning', 'held-out'] : ['held-out']);
  // Another model's weights and cosines mean nothing to the server.
  const found = rankings.find((one) => one.name === (isServers ? 'both, calibrated' : 'BM25, calibrated'));
  if (found !== undefined)
    print(
      await storeCalibration({ data, ...found, hasVectors: isServers, environment: process.env, signal }),
    );
  print('R@k: share of the needed sections among the first k; the rest is told in docs/eval.md.');
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
      findings: lexical,
      tuned: { weights: { dense: 0, lexical: 1 }, refusal },
      gate: 'lexical',
    },
  ];
  if (both !== null)
    rankings.push(
      { name, findings: both, tuned: { weights: { dense: 1, lexical: 0 }, refusal }, gate: null },
      {
        name: 'both, as the server fuses them',
        findings: both,
        tuned: { weights, refusal },
        gate: name === smallModelName ? 'hybrid' : null,
      },
    );
  return rankings;
}

function isOf(half: Half): (one: Candidates) => boolean {
  return ({ question }) => question.half === half;
}

function report(data: DataSet, rankings: readonly Ranking[], halves: readonly Half[]): void {
  print(`${data.name}: ${data.sections.length} sections, ${data.questions.length} questions`);
  for (const half of halves) {
    const rows = rankings.map(({ name, findings, tuned }): ScoreRow => ({
      name,
      score: score(findings.filter(isOf(half)), tuned),
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
      last.findings.filter((one) => one.question.kind === kind && isOf('held-out')(one)),
      last.tuned,
    ),
  }));
  print(`\nHeld out, by kind, for "${last.name}"\n\n${scoreTable(rows)}\n`);
}

function judge(rankings: readonly Ranking[]): number {
  const misses = rankings.flatMap(({ name, findings, tuned, gate }) =>
    gate === null
      ? []
      : gateMisses({ score: score(findings.filter(isOf('held-out')), tuned), gate: gates[gate], name }),
  );
  for (const miss of misses) print(miss);
  if (misses.length === 0) print('The held-out half reaches what it has to (eval/gates.ts).');
  return misses.length === 0 ? 0 : 1;
}

/** What is wrong with a file or a key is told in its own words; 1 is for questions that miss their gate. */
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
