/**
 * Indexes a book after each of 100 commits: every embedded text is a section that changed, and the collection is in the
 * end what a fresh index writes. `REPLAY_REPOSITORY` names a git repository with a site in `REPLAY_SITE`; without it the
 * commits are generated, with `REPLAY_SEED`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../sandbox/gemini/gemini.ts';
import { startQdrant, type QdrantStandIn } from '../../sandbox/qdrant/qdrant.ts';
import type { Book } from '../../indexer/book.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { runSync } from '../indexer/sync/run-sync.ts';
import { generateCommit } from './generate-commit.ts';

const commits = 100;
const {
  REPLAY_REPOSITORY: repository = '',
  REPLAY_SITE: siteFolder = '.',
  REPLAY_SEED: seed = '1',
} = process.env;
const { signal } = new AbortController();
const faults = new Faults();
const record = new ExchangeRecord();
const folder = mkdtempSync(join(tmpdir(), 'replay-'));
let gemini: GeminiStandIn;
let qdrant: QdrantStandIn;

beforeAll(async () => {
  [gemini, qdrant] = await Promise.all([startGemini({ faults, record }), startQdrant({ faults, record })]);
});
afterAll(async () => {
  await Promise.all([gemini.close(), qdrant.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** The index of a collection, with every text that it embeds. */
function indexOf(collection: string) {
  const texts: string[] = [];
  const inner = createGeminiEmbedder({
    apiKey: gemini.apiKey,
    baseUrl: gemini.url,
    model: 'gemini-embedding-2',
    dimensions: 768,
  });
  const embedder: typeof inner = {
    ...inner,
    embedQuery: (request) => inner.embedQuery(request),
    embedDocuments: (request) => {
      texts.push(...request.documents.map(({ text }) => text));
      return inner.embedDocuments(request);
    },
  };
  const store = createQdrantStore({ url: qdrant.url, apiKey: qdrant.apiKey, collection });
  const sync = (book: Book) =>
    runSync({ book, embedder, store, now: Date.now, sleep: async () => undefined, signal });
  return { texts, sync };
}

/**
 * Every point with its vectors, without the moment at which it was written. The calibration of the stamp is not compared:
 * it is learnt again only when the book has grown or shrunk by a quarter.
 */
async function pointsOf(collection: string): Promise<unknown[]> {
  const response = await fetch(`${qdrant.url}/collections/${collection}/points/scroll`, {
    method: 'POST',
    headers: { 'api-key': qdrant.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ limit: 100_000, with_payload: true, with_vector: true }),
  });
  const { result } = (await response.json()) as {
    result: { points: { id: string; payload: Record<string, unknown> }[] };
  };
  return result.points
    .map(({ payload, ...point }) => ({
      ...point,
      payload: { ...payload, written_at: null, calibration: null },
    }))
    .toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
}

/** The folder of the site before the first commit, and how each commit is made. */
function history(): { dir: string; makeCommit(number: number): void; size: number } {
  const work = join(folder, 'work');
  if (repository === '') {
    cpSync('sandbox/book', work, { recursive: true });
    return {
      dir: work,
      size: commits,
      makeCommit: (number) => generateCommit(work, Number(seed) * 1_000 + number),
    };
  }
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  git('clone', '--quiet', '--no-checkout', repository, work);
  // Pictures have no text, and a copy of a repository may lack them: as in a partial clone, that is no fault of it.
  for (const [name, value] of [
    ['core.repositoryformatversion', '1'],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
  ] as const)
    git('-C', work, 'config', name, value);
  git('-C', work, 'sparse-checkout', 'set', '--no-cone', '/*', '!*.gif', '!*.png', '!*.jpg', '!*.mp4');
  const log = git(
    '-C',
    work,
    'log',
    '--first-parent',
    `-${commits + 1}`,
    '--format=%H',
    '--',
    // In the root, every commit would touch the site.
    ...new Set(['docs', siteFolder === '.' ? 'docs' : siteFolder]),
  );
  const ids = log.trim().split('\n').toReversed();
  const checkOut = (id: string): string => git('-C', work, 'checkout', '--quiet', '--force', id);
  checkOut(ids[0] ?? 'HEAD');
  return {
    dir: join(work, siteFolder),
    size: ids.length - 1,
    makeCommit: (number) => checkOut(ids[number] ?? 'HEAD'),
  };
}

async function read(dir: string): Promise<Book> {
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error(`no book in ${dir}`);
  return readBook({ site, signal });
}

/** What a reader would call the section’s text, by the section's id. */
function textsById(book: Book): Map<string, string> {
  return new Map(
    Array.from(book.sections, ({ id, title, headings, content }) => [
      id,
      JSON.stringify([title, headings, content]),
    ]),
  );
}

it(`embeds the changed sections of ${commits} commits, and ends as a fresh index`, async () => {
  const { dir, makeCommit, size } = history();
  const followed = indexOf('followed');
  let book = await read(dir);
  await followed.sync(book);
  const wrong: string[] = [];
  let total = 0;
  for (let number = 1; number <= size; number += 1) {
    makeCommit(number);
    const before = textsById(book);
    book = await read(dir);
    const changed = [...textsById(book)].filter(([id, text]) => before.get(id) !== text).length;
    const already = followed.texts.length;
    const report = await followed.sync(book);
    const embedded = followed.texts.length - already;
    total += changed;
    if (embedded !== changed || report.embedded !== changed)
      wrong.push(`commit ${number}: ${changed} changed, ${embedded} embedded, ${report.embedded} reported`);
  }
  process.stdout.write(`replay: ${size} commits, ${total} sections changed of ${book.sections.length}\n`);
  expect(wrong).toEqual([]);
  expect(total).toBeGreaterThan(size / 4);
  await indexOf('fresh').sync(book);
  const [points, fresh] = [await pointsOf('followed'), await pointsOf('fresh')];
  expect(points.length).toBeGreaterThan(10);
  expect(points).toEqual(fresh);
});
