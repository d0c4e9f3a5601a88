import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampPointId } from '../../../server/collection/stamp.ts';
import type { RunContext } from '../../../wizard/deployment/context.ts';
import { desiredState } from '../../../wizard/deployment/desired-state.ts';
import { bookOf } from '../../../wizard/deployment/book/book-source.ts';
import { bookReport } from '../../../wizard/deployment/book/book-report.ts';
import { indexBook } from '../../../wizard/steps/index-book.ts';
import { serveSite, sitemapOf } from '../../indexer/crawl/serve-site.ts';
import { temporaryFolder } from '../../indexer/temporary-book.ts';
import { drain, startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

async function qdrant(method: string, path: string, body?: object): Promise<unknown> {
  const { url, key } = world.context().credentials.qdrant;
  const headers = { 'api-key': key?.reveal() ?? '', 'content-type': 'application/json' };
  const response = await fetch(`${url.reveal()}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return ((await response.json()) as { result: unknown }).result;
}

async function legacy(collection: string): Promise<void> {
  await qdrant('PUT', `/collections/${collection}`, { vectors: { size: 768, distance: 'Cosine' } });
  const payload = { file_path: 'docs/a.md', heading_path: ['A'], content: 'Old text.' };
  const vector = Array.from({ length: 768 }, (_, n) => (n === 0 ? 1 : 0));
  await qdrant('PUT', `/collections/${collection}/points?wait=true`, {
    points: [{ id: 1, vector, payload }],
  });
}

const variables = async (context: RunContext) => (await desiredState(context, { current: {} })).variables;

describe('indexing the book', () => {
  it('leaves a collection of another tool alone, and gives the server the new one', async () => {
    await legacy('docusaurus-book');
    const context = world.context();
    const { plan, error } = await take(context, indexBook);
    expect(error).toBeNull();
    expect(plan.change).toMatchObject({
      kind: 'new',
      what: expect.stringMatching(/^docusaurus-book-2: \d+ sections/),
    });
    expect(await qdrant('POST', '/collections/docusaurus-book/points/count', { exact: true })).toEqual({
      count: 1,
    });
    expect((await variables(world.context()))['QDRANT_COLLECTION']).toBe('docusaurus-book-2');
    expect((await take(world.context(), indexBook)).plan.change.kind).toBe('unchanged');
  });

  it('keeps a collection enriched that is, until the user turns it off', async () => {
    const stateDir = await temporaryFolder({});
    const run = async (isWanted: boolean | null, docsDir?: string) => {
      const settings = { enrichment: { isWanted, stateDir }, ...(docsDir !== undefined && { docsDir }) };
      const { plan, error } = await take(world.context({ settings }), indexBook);
      expect(error).toBeNull();
      return plan.change.what;
    };
    const bookWith = (text: string) =>
      temporaryFolder({
        'docusaurus.config.js': 'export default {};',
        'docs/a.md': '# A\n\nText of the first page.',
        'docs/b.md': `# B\n\n${text}`,
      });
    const [before, after] = [await bookWith('Old text.'), await bookWith('New text.')];
    expect(await run(null, before)).not.toContain('enrich');
    expect(await run(true, before)).toContain('up to 2 calls');
    expect(await run(null, before)).toBe('docusaurus-book: 2 sections');
    expect(await run(null, after)).toMatch(/1 changed, 1 kept.*up to 1 call of/);
    expect(await run(false, after)).toMatch(/2 changed(?!.*enrich)/);
    expect(await run(null, after)).toBe('docusaurus-book: 2 sections');
  });

  it('reports that nothing was left to do when another run did it meanwhile', async () => {
    const [first, second] = [
      await indexBook.inspect(world.context()),
      await indexBook.inspect(world.context()),
    ];
    if (first.run === null || second.run === null) throw new Error('nothing to do');
    expect((await drain(first.run())).result).toMatchObject({ outcome: 'changed' });
    expect((await drain(second.run())).result).toMatchObject({
      outcome: 'unchanged',
      reason: expect.stringMatching(/^docusaurus-book: \d+ sections$/),
    });
  });

  it('resumes where a run of ours was cut off', async () => {
    await take(world.context(), indexBook);
    await qdrant('POST', '/collections/docusaurus-book/points/delete?wait=true', { points: [stampPointId] });
    const { plan, error } = await take(world.context(), indexBook);
    expect(error).toBeNull();
    expect(plan.change).toMatchObject({
      kind: 'changes',
      what: expect.stringMatching(/^docusaurus-book: \d+ kept$/),
    });
  });

  it('without indexing keeps the existing collection, also another tool’s', async () => {
    await legacy('docusaurus-book');
    const context = world.context({ settings: { skipIndex: true } });
    expect((await take(context, indexBook)).plan.skip).toMatch(/--no-index/);
    expect((await variables(context))['QDRANT_COLLECTION']).toBe('docusaurus-book');
  });

  it('tolerates a cluster that is waking up', async () => {
    world.faults.add({ call: 'qdrant.collection', kind: { type: 'status', status: 503 }, times: 2 });
    expect((await take(world.context(), indexBook)).error).toBeNull();
  });

  it('names the service that refused', async () => {
    const body =
      '{"error":{"code":400,"message":"API key not valid.","details":[{"reason":"API_KEY_INVALID"}]}}';
    world.faults.add({ call: 'gemini.batchEmbedContents', kind: { type: 'status', status: 400, body } });
    const { error } = await take(world.context(), indexBook);
    expect(error).toMatchObject({ service: 'gemini', kind: 'rejected' });
  });

  it('says what to do when the folder has no book', async () => {
    const context = world.context({ settings: { docsDir: '/nowhere' } });
    await expect(indexBook.inspect(context)).rejects.toMatchObject({
      code: 'book-missing',
      remedy: expect.stringContaining('--docs'),
    });
  });

  it("reports what is not in the index, with the reasons, and lists a long book's in full", async () => {
    const folder = await temporaryFolder({
      'docs/a.md': 'Text.',
      'docs/deep.md': `${'> '.repeat(6000)}x`,
      'docs/b.md': '---\ndraft: true\n---\n\nNot yet.',
      'docs/c.md': '---\ndraft: true\n---\n\nNot yet.',
      'docusaurus.config.js': 'export default { url: process.env.SITE_URL, baseUrl: process.env.BASE };',
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, n) => [`docs/m${n}.md`, `Text.\n\n<!-- x\n\n{oh${n}}`]),
      ),
    });
    const report = await bookReport(world.context({ settings: { docsDir: folder } }));
    const notices = report.flatMap((event) => (event.type === 'notice' ? [event] : []));
    expect(notices.map(({ code }) => code)).toEqual([
      'pages-unread',
      'pages-left-out',
      'book-read-otherwise',
    ]);
    expect(notices[0]?.message).toMatch(/docs\/deep\.md: it .* nest/);
    expect(notices[0]?.remedy).toMatch(/Everything else is indexed/);
    expect(notices[1]?.message).toMatch(/docs\/b\.md, docs\/c\.md: a draft/);
    expect(notices[2]?.remedy).toContain('BOOK_BASE_URL');
    expect(notices[2]?.message.split('\n')).toEqual([
      'Read without a build of the site:',
      expect.stringMatching(
        /^ {2}9 pages docs\/\*\.md, such as (?:docs\/m\d\.md[,:] ){3}does not parse as MDX/,
      ),
      expect.stringContaining('`baseUrl` is computed'),
      expect.stringContaining('`url` is computed'),
    ]);
    const logged = report.flatMap((event) => (event.type === 'log' ? [event.text] : []));
    expect(logged.filter((text) => text.startsWith('docs/m'))).toHaveLength(9);
  });

  it('uses the base URL that the user gave where the configuration computes it', async () => {
    const folder = await temporaryFolder({
      'docs/a.md': 'Text.',
      'docusaurus.config.js': 'export default { baseUrl: process.env.BASE };',
    });
    const context = world.context({ settings: { docsDir: folder, bookBaseUrl: '/repo/' } });
    expect((await bookOf(context))?.pages.at(0)?.url).toBe('/repo/docs/a');
  });

  it('indexes a live site by its address, and reports one that cannot be read', async () => {
    const { origin } = await serveSite({
      '/sitemap.xml': sitemapOf(['/docs/a', '/docs/gone']),
      '/docs/a': '<title>A | Site</title><article><h2 id="x">X</h2><p>Text of the page.</p></article>',
      '/empty/sitemap.xml': sitemapOf(['/empty/gone']),
    });
    const site = (path: string) => world.context({ settings: { docsDir: `${origin}${path}` } });
    const { plan, error } = await take(site('/'), indexBook);
    expect(error).toBeNull();
    expect(plan.change.what).toMatch(
      /: 1 section of 1 page; about \d+ tokens to embed, less than \$0\.01 with a paid key$/,
    );
    const report = await bookReport(site('/'));
    expect(report).toMatchObject([
      { code: 'pages-left-out', message: expect.stringMatching(/docs\/gone: it answers 404/) },
    ]);
    await expect(indexBook.inspect(site('/empty/'))).rejects.toMatchObject({
      code: 'book-empty',
      message: expect.stringMatching(/empty\/gone: it answers 404/),
    });
    const closed = world.context({ settings: { docsDir: 'http://127.0.0.1:1/' }, speed: 1000 });
    await expect(indexBook.inspect(closed)).rejects.toMatchObject({
      code: 'site-unreachable',
      kind: 'unreachable',
      service: null,
    });
    const secret = world.context({ settings: { docsDir: 'https://ana:pw@book.example/' } });
    await expect(indexBook.inspect(secret)).rejects.toMatchObject({ code: 'site-address' });
  });

  it('reports when a day’s quota is used up, and the next run embeds only the rest', async () => {
    const violations = [{ quotaId: 'EmbedContentRequestsPerDayPerProjectPerModel-FreeTier' }];
    const details = [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations }];
    const body = JSON.stringify({
      error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED', details },
    });
    const headers = { 'content-type': 'application/json' };
    world.faults.add({
      call: 'gemini.batchEmbedContents',
      kind: { type: 'status', status: 429, headers, body },
      after: 1,
    });
    const { events, error } = await take(world.context(), indexBook);
    expect(error).toBeNull();
    expect(events.filter(({ type }) => type === 'notice')).toMatchObject([
      {
        code: 'sections-without-vector',
        message: expect.stringMatching(/\d+ sections/),
        remedy: expect.stringMatching(/tomorrow/),
      },
    ]);
    world.faults.clear();
    const again = await take(world.context(), indexBook);
    expect(again.plan.change.what).toMatch(/changed, 32 kept; about [\d,]+ tokens/);
    expect(again.events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect((await take(world.context(), indexBook)).plan.change.kind).toBe('unchanged');
  });

  it('reports its progress: sections, pages, tokens', async () => {
    const { events } = await take(world.context(), indexBook);
    const notes = events.flatMap((event) => (event.type === 'step-progress' ? [event.note] : []));
    expect(notes.at(-1)).toMatch(/^sections; (\d+) of \1 pages, ([\d,]+) of \2 tokens$/);
  });
});
