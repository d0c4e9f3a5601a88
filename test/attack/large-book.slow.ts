/**
 * A book of 50,000 sections is read again while 200 answers are open, and none of their readers waits for it. What a
 * process waits for a core of the machine is not counted.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { coreWaits } from '../server/core-waits.ts';
import { runBundle, type BundleProcess } from '../server/running-bundle.ts';
import { sampleSections } from '../server/sample-sections.ts';
import { untilHealth } from '../server/start-server.ts';
import { answerStreams, stampOf, startVendors, type Vendors } from '../server/vendors.ts';
import type { Section } from '../../server/collection/section.ts';
import { sparseVector } from '../../server/collection/sparse-vector.ts';

const size = 50_000;
const streams = 200;
const heartbeatMs = 15_000;
/** For this process, which plays the vendors too. */
const lateMs = 500;
const { signal } = new AbortController();
/** Aborted when the readers may go. */
const leaving = new AbortController();

const folder = mkdtempSync(join(tmpdir(), 'rag-space-large-book-'));
const delayFile = join(folder, 'delays.json');
const probe = new URL('delay-probe.mjs', import.meta.url).href;

let vendors: Vendors;
let server: BundleProcess;
let sections: Section[];

/** More than 20,000 different words, most of them rare, as in a large book. */
function largeBook(): Section[] {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const word = (): string => `term${Math.floor(random() ** 3 * 60_000).toString(36)}`;
  const [first] = sampleSections;
  return Array.from({ length: size }, (_, position) => ({
    ...first!,
    id: `00000000-0000-4000-8000-${String(position + 1).padStart(12, '0')}`,
    url: `/docs/page-${position >> 3}#s${position}`,
    title: `Page ${position >> 3}`,
    headings: [`Lidar number ${position}`],
    content: Array.from({ length: 80 }, word).join(' '),
    position,
  }));
}

const storeOf = () =>
  createQdrantStore({
    url: vendors.qdrant.url,
    apiKey: vendors.qdrant.apiKey,
    collection: 'docusaurus-book',
  });

beforeAll(async () => {
  vendors = await startVendors();
  sections = largeBook();
  const store = storeOf();
  await store.create({ dimensions: 768, signal });
  const sparse = sparseVector(sections[0]!);
  for (let at = 0; at < size; at += 500) {
    const points = sections.slice(at, at + 500).map((section) => ({ section, dense: null, sparse }));
    await store.upsert({ points, signal });
  }
  await store.writeStamp({ stamp: { ...stampOf(sections), without_vector: size }, signal });
  server = await runBundle({
    ...vendors.environment,
    NODE_OPTIONS: `--import ${probe}`,
    DELAY_FILE: delayFile,
  });
  await untilHealth(server.url, 'healthy');
}, 600_000);
afterAll(async () => {
  leaving.abort();
  await server.close();
  await vendors.close();
  rmSync(folder, { recursive: true });
});

async function untilHealthSays(text: string): Promise<void> {
  while (!(await (await fetch(`${server.url}/api/health`)).text()).includes(text)) await sleep(250);
}

/** The clock, without what the server and this process have waited for a core. */
const countedTime = (): number => performance.now() - coreWaits() - coreWaits(server.pid);

/** A reader who asks again after each answer, until leaving: the longest time without a byte, in milliseconds. */
async function longestSilence(reader: number): Promise<number> {
  let longest = 0;
  // More than 200 questions in ten seconds are an attack, whose answers cost no model.
  await sleep(75 * reader);
  for (let question = 0; !leaving.signal.aborted; question += 1) {
    const response = await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.${reader >> 4}.${reader}` },
      body: JSON.stringify({ message: `How far does lidar ${reader}-${question} measure?`, stream: true }),
    });
    if (!leaving.signal.aborted) expect(response.status).toBe(200);
    let last = countedTime();
    for await (const _ of response.body!) {
      const now = countedTime();
      longest = Math.max(longest, now - last);
      last = now;
      if (leaving.signal.aborted) break;
    }
    await sleep(5_000);
  }
  return longest;
}

/** How late the server's event loop was since the last look, in milliseconds. */
async function eventLoopDelay(): Promise<{ p99: number; longest: number }> {
  rmSync(delayFile, { force: true });
  process.kill(server.pid, 'SIGWINCH');
  while (!existsSync(delayFile)) await sleep(20);
  const delays = (JSON.parse(readFileSync(delayFile, 'utf8')) as number[]).sort((a, b) => a - b);
  return {
    p99: delays[Math.floor(delays.length * 0.99)] ?? Number.NaN,
    longest: delays.at(-1) ?? Number.NaN,
  };
}

test('until the book is read, Qdrant searches its words', async () => {
  await untilHealthSays('"words_in":"qdrant"');
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'How far does lidar number 7 measure?' }),
  });
  const { sources } = (await response.json()) as { sources: unknown[] };
  expect(sources).not.toEqual([]);
});

test('streams and their heartbeats go on while the book is read again', async () => {
  await untilHealthSays('"words_in":"memory"');
  // Each piece after a silence that a heartbeat falls into.
  const pieces = ['A lidar measures', ' about twelve', ' metres [1].'];
  vendors.gemini.controls['script']?.({ pieces, delayMs: 20_000, times: 100 * streams });
  const silences = Promise.all(Array.from({ length: streams }, (_, number) => longestSilence(number)));
  const openStreams = expect.poll(() => answerStreams(vendors).open, { interval: 100, timeout: 300_000 });
  await openStreams.toBeGreaterThan(0.9 * streams);
  await eventLoopDelay();
  const writtenAt = '2026-11-24T00:00:00.000Z';
  const stamp = { ...stampOf(sections), without_vector: size, digest: 'again', written_at: writtenAt };
  await storeOf().writeStamp({ stamp, signal });
  await untilHealthSays(writtenAt);
  const delay = await eventLoopDelay();
  process.stdout.write(
    `large-book: event-loop delay p99 ${delay.p99.toFixed(1)} ms, ${delay.longest.toFixed(1)} at most\n`,
  );
  // Those whose answer has just ended ask again.
  expect(answerStreams(vendors).open).toBeGreaterThan(streams / 2);
  expect(delay.p99).toBeLessThan(20);
  await sleep(2 * heartbeatMs);
  leaving.abort();
  expect(Math.max(...(await silences))).toBeLessThan(heartbeatMs + lateMs);
  // Seconds on a machine of its own.
}, 1_800_000);
