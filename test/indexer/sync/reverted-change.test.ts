import { expect, test } from 'vitest';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { syncBook } from '../../../indexer/sync/sync-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { embedderStandIn, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();
const site = await findBook({ dir: 'sandbox/book', signal });
if (site === null) throw new Error('no sample book');
const book = expandBook(await readBook({ site, signal }));
/** Every page has another address, and no text is another. */
const moved: ExpandedBook = {
  ...book,
  sections: book.sections.map((section) => ({ ...section, url: `/elsewhere${section.url}` })),
};

test.each([1, 2, 3])(
  'a move that is cut off at write %i and taken back leaves no address of it',
  async (at) => {
    const run = {
      ...embedderStandIn(),
      ...storeStandIn(),
      now: () => 0,
      sleep: async () => undefined,
      signal,
    };
    const sync = async (of: ExpandedBook): Promise<string> => {
      const work = syncBook({ ...run, book: of });
      for (;;) {
        const step = await work.next();
        if (step.done === true) return step.value.outcome;
      }
    };
    const sections = () => [...run.points.values()].map(({ section }) => `${section.id} ${section.url}`);
    await sync(book);
    const before = sections();
    let writes = 0;
    run.hooks.beforeWrite = () => {
      if (++writes > at) throw new Error('cut off');
    };
    await expect(sync(moved)).rejects.toThrow('cut off');
    // Questions are answered meanwhile.
    expect(run.it.stamp).not.toBeNull();
    run.hooks.beforeWrite = () => undefined;
    expect(await sync(book)).toBe('changed');
    expect(sections().filter((section) => !before.includes(section))).toEqual([]);
    expect(await sync(book)).toBe('unchanged');
    expect(run.embedded).toHaveLength(book.sections.length);
  },
);
