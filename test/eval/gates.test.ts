import { describe, expect, it } from 'vitest';
import { gateMisses, gates } from '../../eval/gates.ts';
import type { DataSet } from '../../eval/data-set/data-set.ts';
import { readDataSet } from '../../eval/data-set/read-data-set.ts';
import { lexicalCandidates, type Candidates } from '../../eval/retrieve-candidates.ts';
import { score, type RankingSettings } from '../../eval/score.ts';
import { chatSettings } from '../../server/chat/settings.ts';

const { signal } = new AbortController();
const serverSettings: RankingSettings = chatSettings;
const data = await readDataSet({ file: 'eval/weather-station.json', signal });

/** The candidates for the questions that are held out. */
function heldOut(set: DataSet): Candidates[] {
  return lexicalCandidates({ ...set, questions: set.questions.filter(({ half }) => half === 'held-out') });
}
const candidates = heldOut(data);

function missesOf(from: Candidates[]): string[] {
  return gateMisses({ score: score(from, serverSettings), gate: gates.lexical, name: 'BM25' });
}

describe('the questions about the sample book', () => {
  it('are of every kind, and half of each kind is held out, but for more to tune with', () => {
    const counts = new Map<string, number[]>();
    for (const { kind, half } of data.questions) {
      const count = counts.get(kind) ?? [0, 0];
      count[half === 'tuning' ? 0 : 1]! += 1;
      counts.set(kind, count);
    }
    expect(data.questions.length).toBeGreaterThanOrEqual(80);
    expect([...counts.keys()]).toEqual(
      'plain paraphrased follow-up two-section unanswerable-near unanswerable-far several'.split(' '),
    );
    expect(counts.get('several')).toEqual([60, 0]);
    counts.delete('several');
    for (const [tuning, held] of counts.values()) expect(tuning).toBe(held);
  });

  it('pass the gate with lexical search alone', () => {
    expect(missesOf(candidates)).toEqual([]);
  });

  it('miss the gate if texts have the wrong links, or if every question is refused', () => {
    const { sections } = data;
    const shifted = sections.map((section, index) => {
      const { content, title, headings } = sections[(index + 7) % sections.length]!;
      return { ...section, content, title, headings };
    });
    expect(missesOf(heldOut({ ...data, sections: shifted })).join('\n')).toMatch(
      /recall@5 is 0\.\d+[\s\S]*MRR/,
    );
    const refused = score(candidates, {
      ...serverSettings,
      relevance: { ...chatSettings.relevance, coverageAlone: 1.1 },
    });
    expect(gateMisses({ score: refused, gate: gates.lexical, name: 'all' })[0]).toContain(
      'false refusals is 1.000',
    );
  });
});
