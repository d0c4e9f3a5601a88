import { expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { expandBook } from '../expand-book.ts';
import { runSync } from './run-sync.ts';
import { embedderStandIn, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();

test('the vectors of a book above 100,000 sections are quantised, before the stamp', async () => {
  const site = await findBook({ dir: 'sandbox/book', signal });
  if (site === null) throw new Error('no sample book');
  const book = expandBook(await readBook({ site, signal }));
  const run = {
    ...embedderStandIn(),
    ...storeStandIn(),
    sleep: () => Promise.resolve(),
    now: () => 0,
    signal,
  };
  const writesBefore: number[] = [];
  run.store.quantise = async () => void writesBefore.push(run.log.length);
  const [sample] = book.sections;
  const sections = Array.from({ length: 100_001 }, (_section, at) => ({
    ...sample!,
    id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    content: `Section ${at}`,
  }));
  await runSync({ ...run, book: { ...book, sections } });
  expect(writesBefore).toEqual([run.log.indexOf('stamp')]);
});
