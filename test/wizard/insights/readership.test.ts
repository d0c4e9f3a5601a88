/** The simulated readership asks the server; what its owner is then shown has to name what is missing. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { type StoredQuestions } from '../../../server/adapters/postgres/owner/read-insights.ts';
import { headingPath } from '../../../server/collection/section.ts';
import { summarise } from '../../../wizard/insights/summarise.ts';
import type { InsightsReport } from '../../../wizard/model/run/insights-report.ts';
import { askReadership } from './ask-readership.ts';
import { startVendors, writeBook } from '../../server/vendors.ts';
import { gapOf, plantedGaps, readership } from './readership.ts';

const { signal } = new AbortController();
const now = Date.now();
let stored: StoredQuestions;

beforeAll(async () => {
  const dir = fileURLToPath(new URL('../../../sandbox/book', import.meta.url));
  const book = await readBook({ site: (await findBook({ dir, signal }))!, signal });
  const kept = Array.from(book.sections, (section) => ({ ...section, hash: section.id })).filter(
    (section) =>
      !plantedGaps.some(({ removed }) => removed.test(`${headingPath(section)} ${section.content}`)),
  );
  const urls = new Set(kept.map(({ url }) => url));
  const vendors = await startVendors();
  await writeBook(vendors, kept);
  const questions = readership((url) => urls.has(url));
  expect(questions).toHaveLength(600);
  stored = await askReadership({ vendors, questions, since: now - 86_400_000 });
}, 300_000);

const report = (questions: StoredQuestions['questions']): InsightsReport =>
  summarise({
    stored: { ...stored, questions },
    sections: null,
    price: null,
    since: now - 86_400_000,
    until: now,
  });

/** Shares of the planted gaps that were found, and of the groups that are a planted gap and nothing else. */
function score({ gaps }: InsightsReport): { recall: number; precision: number } {
  const about = gaps.map(({ examples }) => new Set(examples.map(gapOf)));
  const right = about.filter((names) => names.size === 1 && !names.has(null));
  return {
    recall: new Set(right.flatMap((names) => [...names])).size / plantedGaps.length,
    precision: right.length / gaps.length,
  };
}

test('the report finds the planted gaps, and hardly anything else', () => {
  expect(stored.questions).toHaveLength(600);
  const { recall, precision } = score(report(stored.questions));
  process.stdout.write(`insights: found ${recall.toFixed(2)}, precision ${precision.toFixed(2)}\n`);
  expect(recall).toBeGreaterThanOrEqual(0.9);
  expect(precision).toBeGreaterThanOrEqual(0.8);
});

test('the same questions in another order give the same report', () => {
  const first = report(stored.questions);
  expect(report(stored.questions.toReversed())).toEqual(first);
  expect(report(stored.questions.toSorted((a, b) => (a.id < b.id ? -1 : 1)))).toEqual(first);
});

test('without vectors, it finds most of them by their words', () => {
  const { recall, precision } = score(
    report(stored.questions.map((question) => ({ ...question, vector: null }))),
  );
  process.stdout.write(
    `insights without vectors: found ${recall.toFixed(2)}, precision ${precision.toFixed(2)}\n`,
  );
  expect(recall).toBeGreaterThanOrEqual(0.7);
});

test('each gap has its count, examples, the nearest sections and a place', () => {
  const [gap] = report(stored.questions).gaps;
  expect(gap).toMatchObject({
    count: expect.any(Number),
    nearest: expect.arrayContaining([expect.stringMatching(/^\/docs\//)]),
    suggestion: expect.stringMatching(/^A section on \/docs\//),
  });
  expect(gap!.count).toBeGreaterThan(1);
  expect(gap!.examples.length).toBeGreaterThan(1);
});
