/** Gaps that a readership meets, which nothing was tuned on: 12 pages are missing, and the report has to name them. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import type { StoredQuestions } from '../../server/adapters/postgres/owner/read-insights.ts';
import { summarise } from '../../wizard/insights/summarise.ts';
import type { InsightsReport } from '../../wizard/model/run/insights-report.ts';
import { askReadership } from '../wizard/insights/ask-readership.ts';
import { startVendors, writeBook } from '../server/vendors.ts';
import { missingPages, otherReadership } from './other-readership.ts';

const { signal } = new AbortController();
const now = Date.now();
const seed = Number(process.env['READERSHIP_SEED'] ?? 20_261_129);
let stored: StoredQuestions;
let gapOf: ReadonlyMap<string, string | null>;

beforeAll(async () => {
  stored = await ask(seed);
}, 600_000);

/** What a server stores of the readership, asking in the order of a seed. */
async function ask(order: number): Promise<StoredQuestions> {
  const dir = fileURLToPath(new URL('../../sandbox/book', import.meta.url));
  const book = await readBook({ site: (await findBook({ dir, signal }))!, signal });
  const pages = Object.values(missingPages).map(({ page }) => page);
  const all = Array.from(book.sections, (section) => ({ ...section, hash: section.id }));
  const kept = all.filter(({ url }) => !pages.includes(url.split('#')[0] ?? ''));
  expect(
    new Set(all.map(({ url }) => url.split('#')[0])).size -
      new Set(kept.map(({ url }) => url.split('#')[0])).size,
  ).toBe(12);
  const urls = new Set(kept.map(({ url }) => url));
  const vendors = await startVendors();
  await writeBook(vendors, kept);
  const questions = otherReadership((url) => urls.has(url), order);
  expect(questions).toHaveLength(600);
  gapOf = new Map(questions.map(({ question, gap }) => [question, gap]));
  return askReadership({ vendors, questions, since: now - 86_400_000 });
}

const report = (questions: StoredQuestions['questions']): InsightsReport =>
  summarise({
    stored: { ...stored, questions },
    sections: null,
    price: null,
    since: now - 86_400_000,
    until: now,
  });

/** Shares of the planted gaps that a group names, and of the groups that are about one gap and nothing else. */
function score({ gaps }: InsightsReport, title: string): { recall: number; precision: number } {
  const about = gaps.map(({ examples }) => new Set(examples.map((text) => gapOf.get(text) ?? null)));
  const right = about.filter((names) => names.size === 1 && !names.has(null));
  const names = new Set(right.flatMap((group) => [...group]));
  const recall = names.size / Object.keys(missingPages).length;
  const precision = right.length / gaps.length;
  const lost = Object.keys(missingPages).filter((name) => !names.has(name));
  const wrong = gaps.filter((_, index) => !right.includes(about[index]!)).map(({ examples }) => examples);
  process.stdout.write(
    `${title}: found ${recall.toFixed(2)}, precision ${precision.toFixed(2)} of ${gaps.length} groups\n`,
  );
  if (process.env['READERSHIP_DETAILS'] !== undefined)
    process.stdout.write(`${JSON.stringify({ lost, wrong }, null, 1)}\n`);
  return { recall, precision };
}

it('are found, with hardly anything else, in any order', () => {
  expect(stored.questions).toHaveLength(600);
  const first = report(stored.questions);
  const { recall, precision } = score(first, 'insights, second readership');
  expect(report(stored.questions.toReversed())).toEqual(first);
  expect(recall).toBeGreaterThanOrEqual(0.9);
  expect(precision).toBeGreaterThanOrEqual(0.8);
});

it('are the same when the readers ask in another order', async () => {
  const gaps = report((await ask(seed + 1)).questions).gaps;
  expect(gaps).toEqual(report(stored.questions).gaps);
});

it('are mostly found by their words where there are no vectors', () => {
  const withoutVectors = stored.questions.map((question) => ({ ...question, vector: null }));
  expect(score(report(withoutVectors), 'without vectors').recall).toBeGreaterThanOrEqual(0.7);
});
