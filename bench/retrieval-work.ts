/** Measured by `bench/retrieval.mjs`, in a process for each size: a book's word index in memory. Prints JSON. */
import { memoryBook } from '../server/chat/book-index/memory-book.ts';
import type { Section } from '../server/collection/section.ts';

const size = Number(process.argv[2]);
const wordsPerSection = 120;

let seed = 7;
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
/** Frequent and rare words, as in a book. */
const word = (): string => `term${Math.floor(random() ** 3 * 60_000).toString(36)}`;

const sections: Section[] = Array.from({ length: size }, (_, position) => ({
  id: `00000000-0000-4000-8000-${String(position + 1).padStart(12, '0')}`,
  kind: 'section',
  content: Array.from({ length: wordsPerSection }, word).join(' '),
  title: `Page ${position >> 3}`,
  headings: [`Lidar number ${position}`],
  url: `/docs/page-${position >> 3}#s${position}`,
  anchor: `s${position}`,
  source: `docs/page-${position >> 3}.md`,
  lines: [1, 9],
  position,
  previous: null,
  next: null,
  hash: String(position),
  locale: 'en',
  version: '',
}));

const used = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

const before = used();
const cpu = process.cpuUsage();
const { bm25 } = await memoryBook({ sections, writtenAt: null });
const { user, system } = process.cpuUsage(cpu);
const megabytes = used() - before;

const searches: number[] = [];
for (let round = 0; round < 200; round += 1) {
  const text = `How does ${word()} ${word()} measure ${word()} and ${word()}?`;
  const began = performance.now();
  bm25.search({ text, limit: 20 });
  searches.push(performance.now() - began);
}
process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, megabytes, searches }));
