/** What a start and an answer of the Vercel Function cost, beside a function that does nothing. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookJson } from '../../indexer/book-json.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { expectedStamp } from '../../indexer/sync/section-fingerprints.ts';
import type { Section } from '../../server/collection/section.ts';
import { processorMs } from '../../wizard/hosting/vercel-function/allotment.ts';
import { runFunction } from './running-function.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

const starts = 9;
const warmAnswers = 20;
/** Answers as a stream does, with nothing behind it. */
const bare = `module.exports = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end('data: {"type":"token","content":"x"}\\n\\n');
};`;

let vendors: Vendors;
let book: readonly Section[];

// Minutes, and figures that only a quiet machine gives: `FUNCTION_SCALE=20`, as the lane sets it.
const isMeasured = process.env['FUNCTION_SCALE'] !== undefined;

beforeAll(async () => {
  if (!isMeasured) return;
  const { signal } = new AbortController();
  const dir = fileURLToPath(new URL('../../sandbox/book', import.meta.url));
  const site = await findBook({ dir, baseUrl: null, signal });
  if (site === null) throw new Error('no sample book');
  const read = await readBook({ site, signal });
  const embedder = { model: 'gemini-embedding-2', dimensions: 768 };
  const stamp = expectedStamp({ book: read, embedder });
  book = (JSON.parse(bookJson({ book: read, stamp }) ?? '{}') as { sections: Section[] }).sections;
  vendors = await startVendors();
  await writeBook(vendors, book);
});
afterAll(() => vendors?.close());

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

let number = 0;

/** Milliseconds from the request to the first token of its answer. */
async function firstToken(url: string): Promise<number> {
  number += 1;
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: `Where do I put the rain gauge, question ${number}?`, stream: true }),
  });
  let text = '';
  let ms = 0;
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    if (ms === 0 && text.includes('"token"')) ms = performance.now() - startedAt;
  }
  expect(text).toContain('"token"');
  return ms;
}

type Cost = { ms: number; cpuMs: number };

/** A process that starts for one question, from the request on. */
async function coldStart(options: { source?: string }): Promise<Cost> {
  const { url, host, close } = await runFunction({ ...vendors, book, ...options });
  const ms = await firstToken(url);
  const [instance] = host.instances();
  await instance?.idle();
  const cpuMs = instance?.cpuMs() ?? 0;
  await close();
  return { ms, cpuMs };
}

test.runIf(isMeasured)('a start costs what the plan says', async () => {
  const [own, empty]: [Cost[], Cost[]] = [[], []];
  for (let run = 0; run < starts; run += 1) {
    empty.push(await coldStart({ source: bare }));
    own.push(await coldStart({}));
  }
  const [ownMs, emptyMs] = [own, empty].map((costs) => median(costs.map(({ ms }) => ms)));
  const [ownCpu, emptyCpu] = [own, empty].map((costs) => median(costs.map(({ cpuMs }) => cpuMs)));
  const { url, host, close } = await runFunction({ ...vendors, book });
  await firstToken(url);
  const [instance] = host.instances();
  await instance?.idle();
  const before = instance?.cpuMs() ?? 0;
  const warm: number[] = [];
  for (let answer = 0; answer < warmAnswers; answer += 1) warm.push(await firstToken(url));
  await instance?.idle();
  const warmCpu = ((instance?.cpuMs() ?? 0) - before) / warmAnswers;
  await close();
  const figures = {
    sections: book.length,
    'first token of a cold start, ms': Math.round(ownMs ?? 0),
    'of a bare function, ms': Math.round(emptyMs ?? 0),
    ratio: Number(((ownMs ?? 0) / (emptyMs ?? 1)).toFixed(1)),
    'first token when warm, ms': Math.round(median(warm)),
    'processor time of a cold start with its first answer, ms': ownCpu,
    'of a bare function’s, ms': emptyCpu,
    'of an answer when warm, ms': Math.round(warmCpu),
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  // The plan's sentence and docs/hosting.md have these figures.
  expect(ownCpu).toBeLessThan(1.5 * processorMs.coldStart);
  expect(warmCpu).toBeLessThan(1.5 * processorMs.answer);
  // Three is the aim. Fastify, zod and pg with the same calls and nothing else take twice a bare function's time.
  expect(figures.ratio).toBeLessThan(6.5);
});
