import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readLiveBook } from '../../../indexer/crawl/read-live-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { serveSite, sitemapOf, type ServedPage } from './serve-site.ts';

const { signal } = new AbortController();

async function readFrom(
  pages: Record<string, ServedPage>,
  { path = '/', slept = [] as number[] } = {},
): Promise<{ book: ExpandedBook; requestedPaths: string[] }> {
  const { origin, requestedPaths } = await serveSite(pages);
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  const book = expandBook(await readLiveBook({ address: new URL(path, origin), fetch, sleep, signal }));
  return { book, requestedPaths };
}

/** A page built by Docusaurus. */
function built(path: string): string {
  return readFileSync(`test/fixtures/live-site${path}/index.html`, 'utf8');
}

function page(body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><title>Page | Site</title>${head}</head><body><nav>Menu</nav><main>${body}</main><footer>Imprint</footer></body></html>`;
}

describe('pages built by Docusaurus', () => {
  const paths = [
    '/docs',
    '/docs/hardware',
    '/docs/hardware/sensors',
    '/docs/hardware/wiring',
    '/docs/software/sending-readings',
    '/docs/reading-the-numbers/dew-and-frost',
  ];
  const urls = paths.map((path) => (/docs$|hardware$/.test(path) ? `${path}/` : path));

  test('give the same sections as their source files, in the site’s order', async () => {
    const site = await findBook({ dir: 'sandbox/book', signal });
    const sources = expandBook(await readBook({ site: site!, signal })).sections.filter(({ url }) =>
      urls.includes(url.split('#')[0] ?? ''),
    );
    const { book } = await readFrom({
      '/sitemap.xml': sitemapOf([...urls].reverse()),
      ...Object.fromEntries(urls.map((url, index) => [url, built(paths[index] ?? '')])),
    });
    const summaryOf = ({ sections }: Pick<ExpandedBook, 'sections'>): unknown =>
      sections.map(({ url, anchor, title, headings, content, locale, version }) => ({
        url,
        anchor,
        title,
        headings,
        content: content.replaceAll(/\s+/g, ' '),
        locale,
        version,
      }));
    expect(sources.length).toBeGreaterThan(25);
    const byUrl = (a: { url: string }, b: { url: string }): number =>
      a.url < b.url ? -1 : a.url > b.url ? 1 : 0;
    expect([...(summaryOf(book) as { url: string }[])].sort(byUrl)).toEqual(
      [...(summaryOf({ sections: sources }) as { url: string }[])].sort(byUrl),
    );
    const read = book.pages.map(({ url }) => url);
    const hardware = read.indexOf('/docs/hardware/');
    expect(read.slice(hardware, hardware + 3)).toEqual([
      '/docs/hardware/',
      '/docs/hardware/sensors',
      '/docs/hardware/wiring',
    ]);
    expect(book.site).toMatchObject({ title: 'The Backyard Weather Station', baseUrl: '/', kind: 'live' });
    expect(book.skipped).toEqual([]);
  });

  test('have the heading ids of the build, and the page of a category is read', async () => {
    const expected = JSON.parse(readFileSync('test/fixtures/sites/torture/expected.json', 'utf8')) as Record<
      string,
      string[]
    >;
    const { book } = await readFrom({
      '/sitemap.xml': sitemapOf(['/docs/edge', '/docs/category/planning']),
      '/docs/edge': built('/docs/edge'),
      '/docs/category/planning': built('/docs/category/planning'),
    });
    expect(book.pages.map(({ url, anchors }) => [url, anchors])).toEqual([
      ['/docs/edge', expected['/docs/edge']],
      ['/docs/category/planning', []],
    ]);
    const planning = book.sections.filter(({ source }) => source === 'docs/category/planning');
    expect(planning[0]).toMatchObject({ title: 'Planning' });
    expect(planning[0]?.content).not.toContain('Previous');
  });
});

test('reads only the main part of other sites, by its headings, in the sitemaps’ order', async () => {
  const maps = `<sm:sitemapindex xmlns:sm="x"><sm:sitemap><sm:loc>{origin}/book/one.xml</sm:loc></sm:sitemap><sm:sitemap><sm:loc>https://elsewhere.example/two.xml</sm:loc></sm:sitemap></sm:sitemapindex>`;
  const { book, requestedPaths } = await readFrom(
    {
      '/book/sitemap.xml': maps,
      '/book/one.xml': sitemapOf([
        '/book/b%20c/?x=1#y',
        '/book/a',
        '/book/a#z',
        '/other/d',
        'https://elsewhere.example/e',
        'mailto:',
      ]),
      '/book/b c/': page(
        '<h1 id="top">B &amp; C</h1><p>First.</p><aside>Ads</aside><section id="s"><h2>In a section</h2><p>Second<br>line.</p></section>',
      ),
      '/book/a': page(
        '<h2><a name="named"></a>A</h2><p>Third.</p><script>no()</script><button>Copy</button>',
      ),
    },
    { path: '/book' },
  );
  expect(book.sections.map(({ url, content }) => [url, content])).toEqual([
    ['/book/b c/#top', 'First.\n\nIn a section\n\nSecond\nline.'],
    ['/book/a#named', 'Third.'],
  ]);
  expect(book.pages[0]).toMatchObject({ title: 'B & C', source: 'book/b c', anchors: ['top', 's'] });
  expect(book.skipped.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^it belongs to another site: pages listed only there/),
    'it is not a URL',
    expect.stringMatching(/1 pages of another site/),
    '1 pages outside /book/',
  ]);
  expect(requestedPaths.filter((path) => path.startsWith('/other') || path.endsWith('.html'))).toEqual([]);
});

test('lists sitemaps that could not be read, or that name others', async () => {
  const map = (path: string): string => `<sitemap><loc>{origin}${path}</loc></sitemap>`;
  const indexOf = (paths: readonly string[]): string =>
    `<sitemapindex>${paths.map(map).join('')}</sitemapindex>`;
  const { book } = await readFrom({
    '/sitemap.xml': indexOf(['/one.xml', '/gone.xml', '/packed.xml.gz', '/more.xml']),
    '/one.xml': sitemapOf(['/a']),
    '/packed.xml.gz': '\u001F\uFFFD packed',
    '/more.xml': indexOf(['/two.xml']),
    '/a': page('<h1>A</h1><p>Text.</p>'),
  });
  expect(book.pages.map(({ url }) => url)).toEqual(['/a']);
  expect(
    book.skipped.map(({ source, reason }) => [source.replace(/^.*\//, ''), reason.split(':')[0]]),
  ).toEqual([
    ['gone.xml', 'it answers 404'],
    ['packed.xml.gz', 'it is not a sitemap'],
    ['more.xml', 'it lists 1 more sitemaps, which are not read'],
  ]);
});

test('lists pages that are missing, redirect elsewhere, ask not to be indexed or are not HTML, and fetches nothing elsewhere', async () => {
  const { book } = await readFrom({
    '/sitemap.xml': sitemapOf([
      '/ok',
      '/moved',
      '/gone',
      '/away',
      '/round',
      '/closed',
      '/hidden',
      '/data',
      '/large',
      '/deep',
    ]),
    '/ok': page('<h2 id="x">X</h2><p>Text.</p>'),
    '/moved': { status: 308, headers: { location: '/moved/' } },
    '/moved/': page('<p>Moved, with a slash.</p>'),
    '/away': { status: 302, headers: { location: 'http://localhost:1/secret' } },
    '/round': { status: 302, headers: { location: '/round' } },
    '/closed': { status: 403 },
    '/hidden': page('<p>Hidden.</p>', '<meta name="robots" content="noindex, nofollow">'),
    '/data': { status: 200, headers: { 'content-type': 'application/pdf' }, body: 'PDF' },
    '/large': page('x'.repeat(10_000_001)),
    '/deep': page(`${'<div>'.repeat(30_000)}deep`),
  });
  expect(book.sections.map(({ url }) => url)).toEqual(['/ok#x', '/moved']);
  expect(Object.fromEntries(book.skipped.map(({ source, reason }) => [source, reason]))).toEqual({
    gone: 'it answers 404',
    away: 'it redirects to http://localhost:1',
    round: 'its redirects do not end',
    closed: 'it is not public (403)',
    hidden: 'it asks not to be indexed',
    data: 'it is not an HTML page',
    large: 'it is larger than 10 MB',
  });
  // Which of the two happens first depends on the machine.
  const tooHard = expect.stringMatching(/nested too deeply|could not be read in \d+ s/);
  expect(book.unreadable).toEqual([{ source: 'deep', reason: tooHard }]);
});

describe('a site that fails', () => {
  const busy = (times: number): ServedPage => {
    let left = times;
    return (_request, response) => {
      left -= 1;
      response.writeHead(left >= 0 ? 503 : 200, { 'content-type': 'text/html', 'retry-after': '7' });
      response.end(page('<p>Text.</p>'));
    };
  };

  test('for a moment is asked again after the time it asks for', async () => {
    const slept: number[] = [];
    const { book } = await readFrom({ '/sitemap.xml': sitemapOf(['/a']), '/a': busy(2) }, { slept });
    expect(book.pages.map(({ url }) => url)).toEqual(['/a']);
    expect(slept).toEqual([7000, 7000]);
  });

  test('ends the read, because a page that fails now is not one that is gone', async () => {
    const reading = readFrom({
      '/sitemap.xml': sitemapOf(['/b', '/a']),
      '/a': busy(9),
      '/b': page('<p>Text.</p>'),
    });
    await expect(reading).rejects.toMatchObject({
      code: 'site-unreachable',
      message: expect.stringMatching(/\/a could not be read: it answers 503/),
    });
  });

  test('because it moved is reported with its new origin', async () => {
    const moved = { status: 308, headers: { location: 'https://www.example.com/sitemap.xml' } };
    await expect(readFrom({ '/sitemap.xml': moved })).rejects.toMatchObject({
      code: 'site-no-sitemap',
      message: expect.stringMatching(/: it redirects to https:\/\/www\.example\.com\.$/),
    });
  });

  test('without a sitemap is reported, even if it answers every path with one page', async () => {
    const shell = page('<p>App.</p>');
    for (const pages of [{}, { '/sitemap.xml': shell, '/book/sitemap.xml': shell }] as Record<
      string,
      ServedPage
    >[])
      await expect(readFrom(pages, { path: '/book/' })).rejects.toMatchObject({
        code: 'site-no-sitemap',
        message: expect.stringMatching(/\/book\/sitemap\.xml/),
      });
  });
});
