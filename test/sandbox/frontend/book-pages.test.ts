import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { bookPages } from '../../../sandbox/frontend/book-pages.ts';
import { expandBook } from '../../indexer/expand-book.ts';

const folder = fileURLToPath(new URL('../../../sandbox/book', import.meta.url));
const { signal } = new AbortController();

it('has the page and the anchor of every section of the sample book', async () => {
  const pages = bookPages(folder);
  const site = await findBook({ dir: folder, signal });
  if (site === null) throw new Error('no sample book');
  const { sections } = expandBook(await readBook({ site, signal }));
  const missing = sections.filter(({ url }) => {
    const { pathname, hash } = new URL(url, 'http://book');
    const path = pathname.slice(1);
    const html = pages.get(`${path}.html`) ?? pages.get(`${path.replace(/\/?$/, '/')}index.html`);
    return html === undefined || (hash !== '' && !html.includes(`id="${hash.slice(1)}"`));
  });
  expect(sections.length).toBeGreaterThan(100);
  expect(missing.map(({ url }) => url)).toEqual([]);
});
