/** `npm run eval`: how well the server's retrieval finds what answers a question (docs/eval.md). */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chatSettings } from '../server/chat/settings.ts';
import { calibrate } from './calibrate.ts';
import { readDataSet, type DataSet, type Half } from './data-set.ts';
import { chooseEmbedder, smallModelName } from './embedders.ts';
import { gates } from './gates.ts';
import { missesOf } from './gate.ts';
import { addDense, findLexically, type Findings } from './legs.ts';
import { score, type Tuned } from './score.ts';
import { table, type Row } from './table.ts';
import { storeTuning } from './store-tuning.ts';

type Ranking = { name: string; findings: readonly Findings[]; tuned: Tuned; gate: keyof typeof gates | null };

const ownQuestions = 'eval/weather-station.json';
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, calibrate: { type: 'boolean', default: false } },
  });
  const { signal } = new AbortController();
  const data = await readDataSet({ file: values.data ?? ownQuestions, signal });
  const lexical = findLexically(data);
  const { embedder, name, isServers, note } = await chooseEmbedder(process.env);
  if (note !== '') say(note);
  const both =
    embedder === null
      ? null
      : await addDense({ data, findings: lexical, embedder, sleep, note: say, signal });
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
    say(await storeTuning({ data, ...found, hasVectors: isServers, environment: process.env, signal }));
  say('R@k: share of the needed sections among the first k; the rest is told in docs/eval.md.');
  return values.data === undefined ? judge(rankings) : 0;
}

function rankingsOf({
  lexical,
  both,
  name,
}: {
  lexical: Findings[];
  both: Findings[] | null;
  name: string;
}): Ranking[] {
  const { weights, refusal } = chatSettings;
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

function isOf(half: Half): (one: Findings) => boolean {
  return ({ question }) => question.half === half;
}

function report(data: DataSet, rankings: readonly Ranking[], halves: readonly Half[]): void {
  say(`${data.name}: ${data.sections.length} sections, ${data.questions.length} questions`);
  for (const half of halves) {
    const rows = rankings.map(({ name, findings, tuned }): Row => ({
      name,
      score: score(findings.filter(isOf(half)), tuned),
    }));
    say(`\nThe ${half} half (${rows[0]?.score.questions ?? 0} questions)\n\n${table(rows)}`);
  }
  const last = rankings.find(({ gate }) => gate === 'hybrid') ?? rankings.at(0);
  if (last === undefined) return;
  const kinds = [
    ...new Set(data.questions.filter(({ relevant }) => relevant.length > 0).map(({ kind }) => kind)),
  ];
  const rows = kinds.map((kind): Row => ({
    name: kind,
    score: score(
      last.findings.filter((one) => one.question.kind === kind && isOf('held-out')(one)),
      last.tuned,
    ),
  }));
  say(`\nHeld out, by kind, for "${last.name}"\n\n${table(rows)}\n`);
}

function judge(rankings: readonly Ranking[]): number {
  const misses = rankings.flatMap(({ name, findings, tuned, gate }) =>
    gate === null
      ? []
      : missesOf({ score: score(findings.filter(isOf('held-out')), tuned), gate: gates[gate], name }),
  );
  for (const miss of misses) say(miss);
  if (misses.length === 0) say('The held-out half reaches what it has to (eval/gates.ts).');
  return misses.length === 0 ? 0 : 1;
}

/** What is wrong with a file or a key is told in its own words; 1 is for questions that miss their gate. */
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
