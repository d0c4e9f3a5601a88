import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrate, falseRefusalLimit } from '../../eval/calibrate.ts';
import { readDataSet, type DataSet } from '../../eval/read-data-set.ts';
import { gateMisses } from '../../eval/gate.ts';
import { gates } from '../../eval/gates.ts';
import { lexicalCandidates, type Candidates } from '../../eval/retrieve-candidates.ts';
import { score, type RankingSettings } from '../../eval/score.ts';
import { chatSettings } from '../../server/chat/settings.ts';

const { signal } = new AbortController();
const asServed: RankingSettings = { weights: { dense: 0, lexical: 1 }, refusal: chatSettings.relevance };
const heldOut = ({ question }: Candidates): boolean => question.half === 'held-out';

let data: DataSet;

beforeAll(async () => {
  data = await readDataSet({ file: 'eval/weather-station.json', signal });
});

function misses(set: DataSet): string[] {
  const judged = score(lexicalCandidates(set).filter(heldOut), asServed);
  return gateMisses({ score: judged, gate: gates.lexical, name: 'BM25' });
}

describe('the questions about the sample book', () => {
  it('are of every kind, and half of each kind is held out', () => {
    const counts = new Map<string, number[]>();
    for (const { kind, half } of data.questions) {
      const count = counts.get(kind) ?? [0, 0];
      count[half === 'tuning' ? 0 : 1]! += 1;
      counts.set(kind, count);
    }
    expect(data.questions.length).toBeGreaterThanOrEqual(80);
    expect([...counts.keys()]).toEqual(
      'plain paraphrased follow-up two-section unanswerable-near unanswerable-far'.split(' '),
    );
    for (const [tuning, held] of counts.values()) expect(tuning).toBe(held);
  });

  it('pass the gate by words alone', () => {
    expect(misses(data)).toEqual([]);
  });

  it('miss it when the texts stand at wrong links, and when every question is refused', () => {
    const { sections } = data;
    const shifted = sections.map((section, at) => {
      const { content, title, headings } = sections[(at + 7) % sections.length]!;
      return { ...section, content, title, headings };
    });
    expect(misses({ ...data, sections: shifted }).join('\n')).toMatch(/recall@5 is 0\.\d+[\s\S]*MRR/);
    const refused = score(lexicalCandidates(data).filter(heldOut), {
      ...asServed,
      refusal: { coverage: 1.1, cosine: 1 },
    });
    expect(gateMisses({ score: refused, gate: gates.lexical, name: 'all' })[0]).toContain(
      'false refusals is 1.000',
    );
  });
});

describe('calibrating', () => {
  it('keeps false refusals under the limit and gives a useless leg no weight', () => {
    const findings = lexicalCandidates(data).map((one) => ({
      ...one,
      dense: data.sections.slice(0, 20).map((section, at) => ({ section, score: 0.9 - at / 100 })),
    }));
    const tuned = calibrate(findings);
    expect(tuned.weights.dense).toBeLessThan(0.2);
    expect(score(findings, tuned).falseRefusals).toBeLessThanOrEqual(falseRefusalLimit);
  });
});

describe('another set of questions', () => {
  it('is scored by its ids and urls; a question that names no section is refused by name', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'eval-'));
    const file = join(dir, 'set.json');
    const set = {
      name: 'Two texts',
      documents: [
        { id: 'a', heading: ['Guide', 'Install'], text: 'Run the installer.' },
        { id: 'b', url: '/b', text: 'Remove everything with one click.' },
      ],
      questions: [
        { id: '1', question: 'How do I install it?', relevant: ['a'], half: 'held-out' },
        { id: '2', question: 'What removes everything?', relevant: [['/b', 'a']] },
      ],
    };
    await writeFile(file, JSON.stringify(set));
    const judged = score(lexicalCandidates(await readDataSet({ file, signal })), asServed);
    expect([judged.mrr, judged.recall[1], judged.precision[1]]).toEqual([1, 1, 1]);
    await writeFile(
      file,
      JSON.stringify({ ...set, questions: [{ id: '9', question: 'x', relevant: ['c'] }] }),
    );
    await expect(readDataSet({ file, signal })).rejects.toThrow('question 9 names c');
    await rm(dir, { recursive: true });
  });
});
