import { expect, it } from 'vitest';
import { findBook } from '../../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../../indexer/docusaurus/read-book.ts';
import type { Book } from '../../../../indexer/book.ts';
import type { BookSelection } from '../../../../indexer/book-selection.ts';
import { expectChosen } from '../../../../wizard/deployment/book/book-source.ts';
import { editionCosts } from '../../../../wizard/deployment/book/edition-costs.ts';

async function bookWith(selection: BookSelection): Promise<Book> {
  const { signal } = new AbortController();
  const site = await findBook({ dir: 'test/fixtures/sites/editions', signal });
  if (site === null) throw new Error('no site');
  return readBook({ site, selection, signal });
}

it('the plan says what each version and language costs, and what was not chosen', async () => {
  const [event] = editionCosts(await bookWith({ versions: ['1.0'], locales: ['en'] }));
  const { message } = event as { message: string };
  expect(message.split('\n  ')).toEqual([
    'Versions and languages in the index:',
    expect.stringMatching(/^2\.0, en: \d+ sections, 1 embedding call where it is new$/),
    expect.stringMatching(/^1\.0, en: \d+ sections, 1 embedding call where it is new$/),
    'community current, en: 1 section, 1 embedding call where it is new',
    'Not chosen (--versions, --locales): 3.0-beta, en (4 pages); 3.0-beta, fr (1 page); 2.0, fr (2 pages); 1.0, fr (1 page)',
  ]);
});

it('a version or language that the book does not have is named, with those that it has', async () => {
  const { editions } = await bookWith({ versions: [], locales: 'all' });
  const check = (selection: BookSelection) => () => expectChosen({ editions }, selection);
  expect(check({ versions: ['1.0', '3.0-BETA', 'current'], locales: ['fr'] })).not.toThrow();
  expect(check({ versions: ['4.0'], locales: 'all' })).toThrow(
    expect.objectContaining({
      code: 'book-edition-unknown',
      remedy: expect.stringContaining('2.0, 1.0'),
    }),
  );
  expect(check({ versions: [], locales: ['de'] })).toThrow('The book has no language de.');
  expect(() => expectChosen({ editions: [] }, { versions: ['1'], locales: 'all' })).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('only one') }),
  );
});
