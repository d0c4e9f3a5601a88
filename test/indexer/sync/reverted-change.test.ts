import { expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { runSync } from './run-sync.ts';
import { embedderStandIn, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();
const site = await findBook({ dir: 'sandbox/book', signal });
if (site === null) throw new Error('no sample book');
const book = expandBook(await readBook({ site, signal }));
/** The same texts at other URLs. */
const moved: ExpandedBook = {
  ...book,
  sections: book.sections.map((section) => ({ ...section, url: `/elsewhere${section.url}` })),
};

test.each([1, 2, 3])(
  'a move that is interrupted at write %i and reverted leaves no new URL behind',
  async (interruptedAt) => {
    const run = {
      ...embedderStandIn(),
      ...storeStandIn(),
      now: () => 0,
      sleep: async () => undefined,
      signal,
    };
    const sync = async (version: ExpandedBook): Promise<string> =>
      (await runSync({ ...run, book: version })).outcome;
    const sections = () => [...run.points.values()].map(({ section }) => `${section.id} ${section.url}`);
    await sync(book);
    const before = sections();
    let writes = 0;
    run.hooks.beforeWrite = () => {
      if (++writes > interruptedAt) throw new Error('cut off');
    };
    await expect(sync(moved)).rejects.toThrow('cut off');
    // Without a stamp the server would not answer questions in between.
    expect(run.collection.stamp).not.toBeNull();
    run.hooks.beforeWrite = () => undefined;
    expect(await sync(book)).toBe('changed');
    expect(sections().filter((section) => !before.includes(section))).toEqual([]);
    expect(await sync(book)).toBe('unchanged');
    expect(run.embedded).toHaveLength(book.sections.length);
  },
);
