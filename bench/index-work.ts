/** What `bench/index.mjs` measures, bundled by it. One piece of work a process, so that none warms up another. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMarkdown } from '../indexer/content/markdown/parse-markdown.ts';
import { findPageFiles } from '../indexer/docusaurus/page-files.ts';
import { bookJson } from '../indexer/book-json.ts';
import { readBook } from '../indexer/docusaurus/read-book.ts';
import { findBook, type SourceSite } from '../indexer/docusaurus/find-book.ts';
import { syncBook } from '../indexer/sync/sync-book.ts';
import type { Stamp } from '../server/collection/stamp.ts';
import { generateBook } from '../test/indexer/generate-book.ts';
import { embedderStandIn, storeStandIn } from '../test/indexer/sync/stand-ins.ts';

const { signal } = new AbortController();

async function siteIn(dir: string): Promise<SourceSite> {
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error(`no book in ${dir}`);
  return site;
}

/** CPU milliseconds, user and system. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Reading a book with its links, anchors and sections, against parsing the same files and no more. */
async function reading({ dir }: { dir: string }): Promise<{ parsed: number[]; read: number[] }> {
  const site = await siteIn(dir);
  const parse = async (): Promise<void> => {
    for (const folder of site.folders)
      for (const { file } of (await findPageFiles({ folder, bounds: site.bounds, signal })).files)
        parseMarkdown({ text: await readFile(join(folder.dir, file), 'utf8'), file, config: site.markdown });
  };
  const times = { parsed: [] as number[], read: [] as number[] };
  await parse();
  await readBook({ site, signal });
  for (let run = 0; run < 5; run++) {
    times.parsed.push(await cpu(parse));
    times.read.push(await cpu(() => readBook({ site, signal })));
  }
  return times;
}

/** Peak resident memory in MB of a process that indexes the book, from its files to `book.json`. */
async function memory({ dir }: { dir: string }): Promise<{ pages: number; sections: number; mb: number }> {
  const book = await readBook({ site: await siteIn(dir), signal });
  const { store } = storeStandIn();
  const { embedder } = embedderStandIn({ dimensions: 768 });
  let sent = 0;
  await index({
    book,
    // Neither keeps what it is given: both are on other machines.
    store: { ...store, upsert: async ({ points }) => void (sent += JSON.stringify(points).length) },
    embedder: {
      ...embedder,
      embedDocuments: async ({ documents }) =>
        documents.map(({ text }) => Array.from({ length: 768 }, (_, at) => Math.sin(text.length + at))),
    },
  });
  const { stamp } = (await store.describe({ signal })) as { stamp: Stamp };
  const bytes = bookJson({ book, stamp })?.length ?? 0;
  if (sent === 0 || (bytes === 0 && book.pages.length < 2000)) throw new Error('nothing was indexed');
  const mb = process.resourceUsage().maxRSS / 1024;
  return { pages: book.pages.length, sections: book.sections.length, mb };
}

async function index(
  parts: Pick<Parameters<typeof syncBook>[0], 'book' | 'store' | 'embedder'>,
): Promise<void> {
  const work = syncBook({ ...parts, now: Date.now, sleep: async () => undefined, signal });
  while ((await work.next()).done !== true);
}

/** The most calls that were under way at once while a book is indexed, to the model and to the collection. */
async function flight({ dir }: { dir: string }): Promise<{ embedding: number; writing: number }> {
  const book = await readBook({ site: await siteIn(dir), signal });
  const most = { embedding: 0, writing: 0 };
  const watched = <T extends object>(target: T, names: readonly (keyof T)[], kind: keyof typeof most): T => {
    let now = 0;
    const counted = names.map((name) => {
      const call = target[name] as (...args: unknown[]) => Promise<unknown>;
      return [
        name,
        async (...args: unknown[]) => {
          most[kind] = Math.max(most[kind], ++now);
          await new Promise((resolve) => setImmediate(resolve));
          return call.apply(target, args).finally(() => now--);
        },
      ];
    });
    return { ...target, ...(Object.fromEntries(counted) as Partial<T>) };
  };
  const embedder = watched(embedderStandIn().embedder, ['embedDocuments'], 'embedding');
  const store = watched(storeStandIn().store, ['upsert', 'remove', 'writeStamp', 'create'], 'writing');
  await index({ book, embedder, store });
  await index({ book: { ...book, sections: [...book.sections].slice(100) }, embedder, store });
  return most;
}

const works = { reading, memory, flight, generate: generateBook };

const [name = '', dir = '', pages = '1000'] = process.argv.slice(2);
const work = works[name as keyof typeof works];
const result = await work({ dir, pages: Number(pages) });
if (name !== 'generate') process.stdout.write(JSON.stringify(result));
